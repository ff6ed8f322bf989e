import type { OnvifResolved } from './onvif/messages.ts';

/** What a camera says it is, fit to be shown; as unproved as everything that it says. */
export interface DeviceWords {
  readonly manufacturer?: string;
  readonly model?: string;
  readonly firmware?: string;
}

const MOST_CHARACTERS = 60;

/** One line each, bounded, nothing in it that turns the text around it; a serial number stays with the camera. */
export function deviceWords({ manufacturer, model, firmware }: OnvifResolved['device']): DeviceWords {
  const said = { manufacturer: shown(manufacturer), model: shown(model), firmware: shown(firmware) };
  return Object.fromEntries(Object.entries(said).filter(([, text]) => text !== ''));
}

export const shown = (text: string | undefined): string =>
  (text ?? '')
    .toWellFormed()
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, MOST_CHARACTERS)
    .toWellFormed();
