import { readFile } from 'node:fs/promises';
import { systemCode } from './errors.ts';

/** The text of a file. @returns undefined where there is none. @throws the system's error for everything else */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
