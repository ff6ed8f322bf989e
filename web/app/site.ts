import { type Signal, signal } from '@preact/signals';
import { type SiteView, siteSchema } from '../../src/contract/site.ts';
import { get } from '../api/client.ts';

/** The site, once it has answered. */
export const site: Signal<SiteView | undefined> = signal(undefined);

/** @throws ApiError */
export async function askSite(abort?: AbortSignal): Promise<SiteView> {
  const told = await get('/api/site', siteSchema, abort && { signal: abort });
  site.value = told;
  return told;
}

export const timeZone = (): string => site.value?.timeZone ?? 'Asia/Seoul';
