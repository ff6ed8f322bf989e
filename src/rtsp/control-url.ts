import { isSendable } from './address.ts';

/**
 * What the control attributes of a description are relative to (RFC 2326 §C.1.1). Firmwares put nonsense there,
 * `rtsp://rtsp://…` or no scheme at all; then it is the URL that was asked.
 */
export function baseUrl(
  asked: string,
  contentBase: string | undefined,
  contentLocation: string | undefined,
): string {
  const named = contentBase ?? contentLocation;
  return named !== undefined && isUsable(named) ? named : asked;
}

/**
 * The URL of a track or of the whole presentation. Joined as text, as cameras expect it, not as RFC 1808 has it:
 * a base with a query becomes `…?channel=1&subtype=0/trackID=0`. An absolute URL is used as it is spelled; it
 * goes over the connection there is, whatever host it names.
 *
 * @param control of the description; undefined and `*` mean the base itself
 * @returns undefined when it cannot stand in a request
 */
export function controlUrl(base: string, control: string | undefined): string | undefined {
  const url = joined(base, control ?? '*');
  return isSendable(url) ? url : undefined;
}

function joined(base: string, control: string): string {
  if (control === '*') return base;
  if (/^rtsps?:\/\//i.test(control)) return control;
  const bare = base.replace(/\/$/, '');
  return control.startsWith('?') ? `${bare}${control}` : `${bare}/${control.replace(/^\//, '')}`;
}

const isUsable = (url: string) =>
  isSendable(url) &&
  /^rtsps?:\/\/(?:[^/?#@]*@)?(?:\[[0-9a-f:.]+\]|[^/?#@:]+)(?::\d{1,5})?(?=[/?#]|$)/i.test(url);
