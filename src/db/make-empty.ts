import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from '../lib/errors.ts';

/**
 * Makes a SQLite file with its mode, which SQLite gives to the files beside it too; left to itself it would let
 * others read. Where it cannot be made, SQLite's own attempt says why.
 */
export function makeEmpty(path: string, modeIn: (folder: string) => number): void {
  try {
    closeSync(openSync(path, 'wx', modeIn(dirname(path))));
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
  }
}
