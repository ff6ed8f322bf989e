import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Config } from '../../config/config.ts';
import type { AboutView } from '../../contract/about.ts';
import { readLogKey } from '../../ledger/log.ts';
import { vkeyOf } from '../../ledger/note.ts';
import type { SiteAccess } from './site.ts';

/** The same file, whether this runs from the sources or from what was built. */
const PACKAGE = import.meta.url.endsWith('.ts') ? '../../../package.json' : '../../../../package.json';
const packageSchema = z.object({ version: z.string() });

/** @throws the system's error where this is no whole installation */
export const readVersion = (): string =>
  packageSchema.parse(JSON.parse(readFileSync(new URL(PACKAGE, import.meta.url), 'utf8'))).version;

/** @throws GirokError of site.db */
export function aboutOf(
  { cameras, retention, purposes, manager }: Config,
  site: SiteAccess,
  version: string,
): AboutView {
  const { name, title, department, phone, email } = manager;
  const key = readLogKey(site.open().db);
  return {
    version,
    cameras: cameras.filter(({ enabled }) => enabled).length,
    retentionDays: retention.days,
    purposes: purposes.map(({ id, ko, en }) => ({ id, ko, en })),
    officer: { name, title, department, phone, email },
    ledger: { origin: key.name, key: vkeyOf(key) },
  };
}
