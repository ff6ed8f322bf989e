import type { KeyObject } from 'node:crypto';
import { isoFromUs } from '../lib/clock.ts';
import { isSignedBy, parseNote, signatureLine, type VerifierKey, verifySignature } from './note.ts';

/**
 * What a steward says of itself to its witness, signed with the log's key: a checkpoint has no room for it. The first
 * line can be no origin, so that a heartbeat is never taken for a checkpoint, nor one for it.
 */
export interface Heartbeat {
  readonly origin: string;
  /** By the clock of the site, µs UTC. */
  readonly atUs: number;
  /** The newest certificate of erasing. */
  readonly certificate?: { readonly run: string; readonly atUs: number };
  /** Serious alarms that stand. */
  readonly serious: number;
}

const FIRST = 'girok heartbeat 1';
const INSTANT = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
const SHAPE = new RegExp(
  `^${FIRST}\\n([^\\n]{1,200})\\ntime (${INSTANT})\\ncertificate (?:none|([0-9a-zA-Z._-]{1,64}) (${INSTANT}))\\nserious (0|[1-9]\\d{0,6})\\n$`,
);

export function signHeartbeat(
  { origin, atUs, certificate, serious }: Heartbeat,
  key: VerifierKey,
  privateKey: KeyObject,
): string {
  const last = certificate ? `${certificate.run} ${isoFromUs(certificate.atUs)}` : 'none';
  const text = `${FIRST}\n${origin}\ntime ${isoFromUs(atUs)}\ncertificate ${last}\nserious ${serious}\n`;
  return `${text}\n${signatureLine(text, key, privateKey)}\n`;
}

/** @returns undefined for what is no heartbeat; nothing is verified */
export function parseHeartbeat(
  note: string,
): { heartbeat: Heartbeat; isOf(log: VerifierKey): boolean } | undefined {
  const signed = parseNote(note);
  const [, origin, at, run, certifiedAt, serious] = SHAPE.exec(signed?.text ?? '') ?? [];
  if (!signed || origin === undefined || at === undefined) return undefined;
  const instants = [at, certifiedAt ?? at].map((text) => Date.parse(text) * 1000);
  const [atUs = Number.NaN, certifiedUs = Number.NaN] = instants;
  if (instants.some(Number.isNaN)) return undefined;
  return {
    heartbeat: {
      origin,
      atUs,
      ...(run !== undefined && { certificate: { run, atUs: certifiedUs } }),
      serious: Number(serious),
    },
    isOf: (log) =>
      origin === log.name &&
      signed.signatures.some((one) => isSignedBy(one, log) && verifySignature(signed.text, one, log)),
  };
}
