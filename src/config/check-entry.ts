import { isMap, parse, parseDocument } from 'yaml';
import { ConfigFaulty, type Fault } from './fault.ts';
import { parseConfig } from './parse.ts';

/**
 * What would be wrong with a camera in this cameras.yml, by its rules for one camera and for all together. Faults of
 * the rest of the file are not its own.
 *
 * @param source the text of the file. @param entry a list of one camera, as it is to be pasted
 * @returns faults with paths inside the camera, e.g. `zone.consent`
 */
export function faultsOfEntry(source: string, entry: string, file: string): Fault[] {
  const document = parseDocument(source);
  const cameras = isMap(document.contents) ? document.get('cameras') : undefined;
  if (typeof cameras !== 'object' || cameras === null || !('items' in cameras)) return [];
  const at = (cameras.items as unknown[]).length;
  const [camera] = parse(entry) as unknown[];
  document.addIn(['cameras'], document.createNode(camera));
  try {
    parseConfig(String(document), { file });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFaulty)) throw error;
    const prefix = `cameras[${at}]`;
    return error.faults
      .filter(({ path }) => path === prefix || path.startsWith(`${prefix}.`))
      .map((fault) => ({ ...fault, path: fault.path.slice(prefix.length + 1) }));
  }
}
