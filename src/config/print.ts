import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CameraId } from '../lib/ids.ts';
import type { Config } from './config.ts';
import type { ConfigDiff } from './diff.ts';

/** SHA-256 of each camera's settings and of each other section: enough to tell later what was edited. */
export const CONFIG_PRINT = z.strictObject({
  cameras: z.record(z.string(), z.string()),
  sections: z.record(z.string(), z.string()),
});
export type ConfigPrint = z.infer<typeof CONFIG_PRINT>;

export function printConfig({ file: _, cameras, ...sections }: Config): ConfigPrint {
  return {
    cameras: Object.fromEntries(cameras.map((camera) => [camera.id, hashOf(camera)])),
    sections: Object.fromEntries(Object.entries(sections).map(([name, section]) => [name, hashOf(section)])),
  };
}

/** What was edited while nobody watched; undefined when nothing was. Everything is in force from the start on. */
export function diffPrints(before: ConfigPrint, after: ConfigPrint): ConfigDiff | undefined {
  const ids = Object.keys(after.cameras) as CameraId[];
  const diff: ConfigDiff = {
    added: ids.filter((id) => before.cameras[id] === undefined),
    removed: (Object.keys(before.cameras) as CameraId[]).filter((id) => after.cameras[id] === undefined),
    changed: ids.filter((id) => (before.cameras[id] ?? after.cameras[id]) !== after.cameras[id]),
    applied: Object.keys(after.sections).filter((name) => before.sections[name] !== after.sections[name]),
    needsRestart: [],
  };
  return Object.values(diff).every((names) => names.length === 0) ? undefined : diff;
}

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
