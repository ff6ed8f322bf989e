import { isIP } from 'node:net';

/**
 * Whether a request's Host header may be answered: a configured name, `localhost` or an IP address. Any other
 * name may be a stranger's that was pointed at this machine (DNS rebinding), so that a page in somebody's
 * browser would read what only this network should.
 *
 * @param configured `http.host` and `http.name` of cameras.yml
 */
export function isOwnHost(header: string | undefined, configured: readonly string[]): boolean {
  if (header === undefined) return false;
  let name: string;
  try {
    const url = new URL(`http://${header}`);
    if (url.username !== '' || url.pathname !== '/' || url.search !== '' || /[/?#@\\]/.test(header))
      return false;
    name = url.hostname.replace(/^\[(.*)\]$/, '$1');
  } catch {
    // What is no host is not ours.
    return false;
  }
  return name === 'localhost' || configured.some((one) => one.toLowerCase() === name) || isIP(name) !== 0;
}
