import { z } from 'zod';

/** The keys that may stand at `path` (array positions are skipped over); empty where no map belongs. */
export function knownKeys(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: z.core.$ZodType | undefined = plain(schema);
  for (const step of path) {
    if (at instanceof z.ZodArray) at = plain(at.element);
    else if (at instanceof z.ZodObject) at = plain(at.shape[String(step)]);
    else return [];
    if (!at) return [];
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

/** Every key of the file as a dotted path without array positions, e.g. `cameras.source.rtsp.main`. */
export function allKeyPaths(schema: z.core.$ZodType, prefix = ''): string[] {
  const at = plain(schema);
  if (at instanceof z.ZodArray) return allKeyPaths(at.element, prefix);
  if (!(at instanceof z.ZodObject)) return [];
  return Object.entries(at.shape).flatMap(([key, member]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return [path, ...allKeyPaths(member as z.core.$ZodType, path)];
  });
}

function plain(schema: unknown): z.core.$ZodType | undefined {
  let at = schema;
  while (at instanceof z.ZodOptional || at instanceof z.ZodDefault || at instanceof z.ZodPrefault)
    at = at.unwrap();
  return at as z.core.$ZodType | undefined;
}
