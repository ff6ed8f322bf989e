import { lookup } from 'node:dns/promises';

/** All addresses the system's resolver gives for a name. */
export const systemLookup = async (host: string): Promise<readonly string[]> =>
  (await lookup(host, { all: true })).map(({ address }) => address);
