import { z } from 'zod';
import { digits } from '../../contract/inputs.ts';
import {
  checkpointSchema,
  type EntryView,
  entrySchema,
  standingSchema,
  type VerificationView,
  verificationSchema,
} from '../../contract/registers.ts';
import type { Language } from '../../i18n/language.ts';
import { sentence, sentencesIn } from '../../i18n/sentences.ts';
import type { BriefStanding } from '../../ledger/brief-standing.ts';
import type { Severity } from '../../ledger/meaning/finding.ts';
import { vkeyOf } from '../../ledger/note.ts';
import type { PrintableCheckpoint } from '../../ledger/printable-checkpoint.ts';
import type { OpenedEntry, Reader, RegisterDesk } from '../../ledger/register-desk.ts';
import { proofText } from '../../ledger/tlog-proof.ts';
import type { Verifying, VerifyingState } from '../../ledger/verifying.ts';
import { isoFromUs } from '../../lib/clock.ts';
import { GirokError } from '../../lib/errors.ts';
import { hashLeaf } from '../../lib/merkle.ts';
import { command, type Raw, type Route, raw, route } from '../route.ts';
import { readerOf } from './logs.ts';

export interface LedgerDeps {
  desk(): Pick<RegisterDesk<Language>, 'entry' | 'proof'>;
  standing(): Promise<BriefStanding & { readonly incident: boolean }>;
  /** The newest one; undefined while nothing is signed. @throws GirokError of the ledger */
  checkpoint(): PrintableCheckpoint | undefined;
  /** Public key of the ledger, `name+id+key`. */
  key(): string;
  verifying(): Pick<Verifying<Reader<Language>>, 'start' | 'state' | 'cancel'>;
}

const access = { action: 'read_logs' } as const;
const one = z.strictObject({ seq: digits(0, Number.MAX_SAFE_INTEGER) });
/** Findings of one answer; the serious ones first. */
const MOST_FINDINGS = 200;

/** The ledger itself: how it stands, one entry with its proof, its newest checkpoint, and verifying all of it. */
export function ledgerRoutes(deps: LedgerDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/ledger',
      access: { function: 'health' },
      summary: 'How the ledger stands: entries, newest checkpoint, witness, last verification.',
      answer: standingSchema,
      handle: () => deps.standing(),
    }),
    route({
      method: 'GET',
      path: '/api/ledger/entries/:seq',
      access,
      summary:
        'One entry with its texts opened, and its way to the newest checkpoint. That it was shown is entered.',
      params: one,
      answer: entrySchema,
      handle: ({ params, ...call }) =>
        entryView(deps.desk().entry(params.seq, readerOf(call)), deps.key(), call.language),
    }),
    raw({
      method: 'GET',
      path: '/api/ledger/entries/:seq/proof',
      access,
      summary:
        'The proof of one entry as a file (c2sp.org/tlog-proof), for anybody to check without this machine.',
      touchesPeople: true,
      params: one,
      handle({ params: { seq } }): Raw {
        const { outcome, whole } = deps.desk().proof(seq);
        if (outcome === 'unsigned') throw new GirokError('entry_unsigned', { entry: seq });
        if (!whole) throw new GirokError('ledger_damaged', { entry: seq });
        const headers = { 'content-disposition': `attachment; filename="entry-${seq}.tlog-proof"` };
        return { type: 'text/plain; charset=utf-8', body: proofText(whole), headers };
      },
    }),
    route({
      method: 'GET',
      path: '/api/ledger/checkpoint',
      access,
      summary: 'The newest checkpoint, with the QR code of the page that is printed and kept elsewhere.',
      answer: checkpointSchema,
      handle() {
        const checkpoint = deps.checkpoint();
        if (!checkpoint) throw new GirokError('entry_unsigned');
        return { ...checkpoint, signers: [...checkpoint.signers], qr: [...checkpoint.qr] };
      },
    }),
    route({
      method: 'GET',
      path: '/api/ledger/verification',
      access,
      summary: 'The verification that runs, or what came of the last one.',
      answer: verificationSchema,
      handle: ({ language }) => verificationView(deps.verifying().state(), language),
    }),
    command({
      method: 'POST',
      path: '/api/ledger/verification',
      access,
      summary: 'Verifies the whole ledger, in the background; one at a time. What came of it is entered.',
      handle: (call) => deps.verifying().start(readerOf(call)),
    }),
    command({
      method: 'DELETE',
      path: '/api/ledger/verification',
      access,
      summary: 'Stops the verification that runs.',
      handle: () => deps.verifying().cancel(),
    }),
  ];
}

function entryView(
  { entry, body, texts, outcome, checkpoint, whole }: OpenedEntry,
  key: string,
  language: Language,
): EntryView {
  const { ledger } = sentencesIn(language);
  const { seq, at, committedAt, event, personal = {} } = entry;
  return {
    seq,
    at,
    committedAt,
    label: ledger.views.events[event],
    body,
    texts: Object.keys(personal).map((field) => {
      const text = texts[field] ?? 'sealed';
      return typeof text === 'string'
        ? { field, state: text, text: ledger.views[text] }
        : { field, state: 'open', text: text.text };
    }),
    proof: {
      outcome,
      sentence: ledger.shown.proof[outcome],
      ...(checkpoint && { checkpoint: { ...checkpoint, signers: [...checkpoint.signers] } }),
      ...(whole && {
        leaf: hashLeaf(whole.body).toString('hex'),
        path: whole.path.map((hash) => hash.toString('hex')),
        root: whole.checkpoint.root.toString('hex'),
      }),
      key: whole ? vkeyOf(whole.log) : key,
    },
  };
}

const RANK: Readonly<Record<Severity, number>> = { serious: 0, warning: 1, note: 2 };

function verificationView(state: VerifyingState, language: Language): VerificationView {
  const { ledger, findings: words } = sentencesIn(language);
  if (state.state === 'never') return { state: 'never' };
  const startedAt = isoFromUs(state.startedUs);
  if (state.state === 'running')
    return { state: 'running', startedAt, entries: state.entries, total: state.total };
  const over = { startedAt, endedAt: isoFromUs(state.endedUs) };
  if (state.state === 'cancelled') return { state: 'cancelled', ...over };
  if (state.state === 'failed')
    // Its facts are paths: for the log alone.
    return { state: 'failed', ...over, sentence: sentence(new GirokError(state.error.code), language) };
  const { entries, checkpoints, vouched, fault } = state.verdict;
  const unvouched = entries - vouched;
  const whole = {
    state: 'done' as const,
    ...over,
    sound: !fault,
    entries,
    total: entries,
    checkpoints,
    unvouched,
  };
  if (fault) {
    const { from, to, code } = fault;
    const where = to - from <= 1 ? ledger.at({ entry: from }) : ledger.among({ from, to: to - 1 });
    return { ...whole, sentence: ledger.broken({ where, fault: ledger.fault[code] }) };
  }
  const found = [...state.findings.list].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  return {
    ...whole,
    sentence: ledger.sound({ entries, checkpoints, unvouched }),
    counts: state.findings.counts,
    findings: found.slice(0, MOST_FINDINGS).map(({ code, severity, entry, facts }) => ({
      code,
      severity,
      entry,
      sentence: words.said[code](facts),
    })),
  };
}
