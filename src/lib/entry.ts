import { fileURLToPath } from 'node:url';

/**
 * The path of a program beside the given module, with the module's own ending: `.ts` when the sources run
 * directly (tests, benchmarks), `.js` when the build runs.
 *
 * @param name path relative to the module, without ending, e.g. `../db/catalogue/worker`
 */
export function entryPath(moduleUrl: string, name: string): string {
  const ending = moduleUrl.endsWith('.ts') ? '.ts' : '.js';
  return fileURLToPath(new URL(`${name}${ending}`, moduleUrl));
}
