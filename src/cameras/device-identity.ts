import { createHash } from 'node:crypto';
import type { OnvifResolved } from './onvif/messages.ts';

/**
 * Hashes of what a camera says it is: enough to notice that another one hangs there, without repeating its words.
 *
 * @returns `device` only where it says its serial number: two of one model are not the same camera
 */
export function identityOf({ manufacturer, model, serial, firmware }: OnvifResolved['device']): {
  device?: string;
  firmware?: string;
} {
  return {
    ...(serial ? { device: hashOf([manufacturer ?? '', model ?? '', serial]) } : {}),
    ...(firmware ? { firmware: hashOf([firmware]) } : {}),
  };
}

const hashOf = (parts: readonly string[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');
