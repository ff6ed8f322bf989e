/** What a browser says about where a request comes from. */
export interface Provenance {
  readonly method: string;
  /** `http` or `https`, as the browser knows it. */
  readonly scheme: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`; undefined from what is no browser, and from old ones. */
  readonly fetchSite: string | undefined;
  /** A WebSocket is begun by a GET, to which no browser applies the same-origin policy. */
  readonly upgrade: boolean;
}

/**
 * Whether a request may come from a page of another site (CSRF). What changes something, and each WebSocket, says
 * whence it comes (`Origin`, which browsers always send there) and comes from here; what only reads may leave it out,
 * but what is said is not from elsewhere.
 */
export function isCrossSite({ method, scheme, host, origin, fetchSite, upgrade }: Provenance): boolean {
  const reads = (method === 'GET' || method === 'HEAD') && !upgrade;
  if (origin === undefined ? !reads : !isSame(origin, scheme, host)) return true;
  if (fetchSite === undefined || fetchSite === 'same-origin') return false;
  // Typed into the address bar.
  return !(fetchSite === 'none' && reads);
}

/** A link in a mail, or on a page of another site, that somebody followed in a tab of its own. */
export const isOpenedByPerson = (headers: Readonly<Record<string, string | string[] | undefined>>): boolean =>
  headers.origin === undefined &&
  headers['sec-fetch-mode'] === 'navigate' &&
  headers['sec-fetch-dest'] === 'document';

function isSame(origin: string, scheme: string, host: string | undefined): boolean {
  const [theirs, ours] = [URL.parse(origin), URL.parse(`${scheme}://${host ?? ''}`)];
  // An Origin is scheme, host and port alone; anything behind it was never sent by a browser.
  return (
    theirs !== null &&
    ours !== null &&
    theirs.origin === origin.toLowerCase() &&
    theirs.origin === ours.origin
  );
}
