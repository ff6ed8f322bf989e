import type { ServerResponse } from 'node:http';
import type { Clock } from '../../src/lib/clock.ts';
import { envelope } from './soap.ts';

const TEN_MEGABYTES = 10_000_000;

/** A well-formed reply of 10 MB. */
export function hugeReply(): string {
  const item = '<tt:Extension>0123456789</tt:Extension>';
  return envelope(
    `<tds:GetServicesResponse>${item.repeat(Math.ceil(TEN_MEGABYTES / item.length))}</tds:GetServicesResponse>`,
  );
}

/** Entities nested ten deep, ten times each: 10¹⁰ words for a parser that expands them. */
export function entityBomb(): string {
  const names = 'abcdefghij';
  const entities = [...names].map((name, i) =>
    i === 0 ? `<!ENTITY ${name} "girok">` : `<!ENTITY ${name} "${`&${names[i - 1]};`.repeat(10)}">`,
  );
  const bomb = `<!DOCTYPE bomb [${entities.join('')}]>`;
  return envelope('<tds:GetServicesResponse>&j;</tds:GetServicesResponse>').replace('?>', `?>${bomb}`);
}

/** One byte a second, for ever: ends when the client goes. */
export function sendSlowly(clock: Clock, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/soap+xml; charset=utf-8' });
  const xml = envelope('<tds:GetServicesResponse>');
  let at = 0;
  const cancel = clock.every(1000, () => void response.write(xml[at++] ?? ' '));
  response.on('close', cancel);
  response.write(' ');
}
