import type { RecorderStatus } from '../../contract/recorder-status.ts';
import { type SiteView, siteSchema } from '../../contract/site.ts';
import { GirokError } from '../../lib/errors.ts';
import { isRecording } from '../../stewardship/health.ts';
import { type Route, route } from '../route.ts';

export interface SiteDeps {
  /** As configured. */
  readonly site: Omit<SiteView, 'missing' | 'recording'>;
  /** What of the people who set a site up is there already. @throws GirokError `ledger_missing` and others of site.db */
  settled(): { readonly administrator: boolean; readonly officer: boolean };
  /** @throws GirokError `recorder_not_running` */
  readStatus(): Promise<RecorderStatus>;
}

/**
 * What the page has to know before anybody has signed in. It says no version and nothing of cameras, but for their
 * number while the site is being set up: whoever sets it up sees that it works before there is anybody to ask.
 */
export function siteRoutes({ site, settled, readStatus }: SiteDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/site',
      access: 'public',
      summary: 'The name of the site, its time zone, and whether it waits for its first administrator.',
      answer: siteSchema,
      async handle() {
        const { administrator, officer } = settled();
        if (administrator && officer) return site;
        const recording = await recordingOf(readStatus);
        const missing = administrator ? ('officer' as const) : ('administrator' as const);
        return { ...site, missing, ...(recording && { recording }) };
      },
    }),
  ];
}

/** Without a recorder there is no number to show; that says enough. */
async function recordingOf(readStatus: SiteDeps['readStatus']): Promise<SiteView['recording']> {
  try {
    const pulled = (await readStatus()).cameras.filter((camera) => camera.pulled);
    return { recording: pulled.filter(isRecording).length, of: pulled.length };
  } catch (error) {
    if (error instanceof GirokError) return undefined;
    throw error;
  }
}
