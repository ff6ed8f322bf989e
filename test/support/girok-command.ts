import { type ExecFileOptions, execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RecorderHome } from './recorder-home.ts';

const GIROK = fileURLToPath(new URL('../../src/main/girok.ts', import.meta.url));
/** Of all that a purge of a full site says. */
const LONGEST_DOCUMENT = 1 << 26;

/** Which home, and as whom. */
export interface CommandPlace extends Pick<ExecFileOptions, 'env' | 'uid' | 'gid'> {
  readonly home: Pick<RecorderHome, 'config' | 'storage'>;
}

/** @param args a command of `girok`, run with `--json` as a process of its own. @throws with what it wrote where it has no document */
export function girokEnd(
  { home, ...options }: CommandPlace,
  ...args: string[]
): Promise<{ code: number; said: Record<string, unknown> }> {
  const all = [GIROK, ...args, '--config', home.config, '--storage', home.storage, '--json'];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      all,
      { maxBuffer: LONGEST_DOCUMENT, ...options, encoding: 'utf8' },
      (error, stdout, stderr) => {
        if (stdout === '') return reject(new Error(`${args.join(' ')}: ${stderr}`, { cause: error }));
        resolve({ code: error ? Number(error.code) : 0, said: JSON.parse(stdout) });
      },
    );
  });
}

/** The same where it has to succeed. @returns its document. @throws with what it said instead */
export async function girokDone(place: CommandPlace, ...args: string[]): Promise<Record<string, unknown>> {
  const { code, said } = await girokEnd(place, ...args);
  if (code !== 0) throw new Error(`${args.join(' ')}: ${code} ${JSON.stringify(said)}`);
  return said;
}
