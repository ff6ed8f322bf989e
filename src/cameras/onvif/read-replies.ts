import type { MediaProfile } from '../choose-streams.ts';
import { find, findAll, type SoapElement } from '../soap-tree.ts';

/**
 * Camera's clock minus ours at `atUs` (µs UTC); undefined when the camera gives no UTC time. The camera gives
 * whole seconds, so half a second is added to what it says: the answer is right to ±500 ms.
 */
export function clockOffsetMs(reply: SoapElement, atUs: number): number | undefined {
  const utc = find(reply, 'UTCDateTime');
  const part = (name: string) => Number(find(utc, name)?.text || Number.NaN);
  const cameraMs =
    Date.UTC(part('Year'), part('Month') - 1, part('Day'), part('Hour'), part('Minute'), part('Second')) +
    500;
  return Number.isNaN(cameraMs) ? undefined : Math.round(cameraMs - atUs / 1000);
}

export function deviceOf(reply: SoapElement) {
  const part = (name: string) => find(reply, name)?.text.slice(0, 100) || undefined;
  const [manufacturer, model] = [part('Manufacturer'), part('Model')];
  const [firmware, serial] = [part('FirmwareVersion'), part('SerialNumber')];
  return {
    ...(manufacturer ? { manufacturer } : {}),
    ...(model ? { model } : {}),
    ...(firmware ? { firmware } : {}),
    ...(serial ? { serial } : {}),
  };
}

/** Media (ver10: `VideoEncoderConfiguration`) and Media2 (ver20: `VideoEncoder`) alike; bit rates are kbit/s there. */
export function profilesOf(reply: SoapElement): MediaProfile[] {
  return findAll(reply, 'Profiles').flatMap((profile): MediaProfile[] => {
    const token = profile.attributes.token;
    const encoder = find(profile, 'VideoEncoderConfiguration') ?? find(profile, 'VideoEncoder');
    const source = find(profile, 'VideoSourceConfiguration') ?? find(profile, 'VideoSource');
    const width = integer(find(encoder, 'Width'));
    const height = integer(find(encoder, 'Height'));
    if (token === undefined || token.length > 64 || !encoder || !width || !height) return [];
    const fps = number(find(encoder, 'FrameRateLimit'));
    const kilobits = number(find(encoder, 'BitrateLimit'));
    const sourceToken = find(source, 'SourceToken')?.text;
    const encoderToken = encoder.attributes.token;
    return [
      {
        token,
        encoding: (find(encoder, 'Encoding')?.text ?? '').slice(0, 40),
        width,
        height,
        ...(fps === undefined ? {} : { fps }),
        ...(kilobits === undefined ? {} : { bitsPerSecond: kilobits * 1000 }),
        ...(sourceToken ? { sourceToken: sourceToken.slice(0, 64) } : {}),
        ...(encoderToken ? { encoderToken: encoderToken.slice(0, 64) } : {}),
      },
    ];
  });
}

export const streamUriOf = (reply: SoapElement): string | undefined =>
  find(find(reply, 'GetStreamUriResponse'), 'Uri')?.text.slice(0, 4096) || undefined;

/** A SOAP fault, and whether it is about the login (ONVIF core §5.11.2, `ter:NotAuthorized`). */
export function faultOf(reply: SoapElement): { reason: string; login: boolean } | undefined {
  const fault = find(reply, 'Fault');
  if (!fault) return undefined;
  const reason = find(find(fault, 'Reason'), 'Text')?.text ?? '';
  const codes = findAll(fault, 'Value').map(({ text }) => text);
  const login = codes.some((code) =>
    /NotAuthorized|FailedAuthentication|FailedCheck|InvalidSecurity/i.test(code),
  );
  return { reason, login: login || /not authori[sz]ed|unauthori[sz]ed/i.test(reason) };
}

const number = (element: SoapElement | undefined): number | undefined => {
  const value = Number(element?.text || Number.NaN);
  return Number.isFinite(value) && value > 0 && value < 1e7 ? value : undefined;
};

const integer = (element: SoapElement | undefined): number | undefined => {
  const value = number(element);
  return value !== undefined && Number.isInteger(value) && value <= 65536 ? value : undefined;
};
