import { describe, expect, it } from 'vitest';
import { ledgerEvent, URGENT_EVENTS } from '../../../src/ledger/events.ts';
import type { AccountEntry } from '../../../src/retention/accounts.ts';

describe('the closed set of events', () => {
  it('takes what is in it and nothing else', () => {
    const good = { event: 'recorder.started', facts: { pid: 1, cameras: 13 } };
    expect(ledgerEvent.safeParse(good).success).toBe(true);
    for (const bad of [
      { event: 'recorder.invented', facts: {} },
      { ...good, facts: { pid: 1 } },
      { ...good, facts: { ...good.facts, person: 'x' } },
      { ...good, more: 1 },
      {
        event: 'recording.interrupted',
        facts: { camera: '../etc', stream: 'main', cause: 'network', detail: '', lastedMs: 1 },
      },
    ])
      expect(ledgerEvent.safeParse(bad).success).toBe(false);
  });

  it('has all that erasing and holding tell: anything else would be laid aside', () => {
    const told = {
      'erase.intent': true,
      'erase.done': true,
      'erase.incomplete': true,
      'erase.waits': true,
      'erase.confirmed': true,
      'erase.overdue': true,
      'hold.made': true,
      'hold.copied': true,
      'hold.taken_over': true,
      'hold.renewed': true,
      'hold.reviewed': true,
      'hold.ended': true,
      'log.exported': true,
    } satisfies Record<AccountEntry['event'], true>;
    const known: string[] = ledgerEvent.options.map(({ shape }) => shape.event.value);
    expect(known).toEqual(expect.arrayContaining(Object.keys(told)));
  });

  it('takes nobody’s name or words among the facts of what may come to say more', () => {
    const ended = { event: 'hold.ended', facts: { hold: 'h' } };
    expect(ledgerEvent.safeParse(ended).success).toBe(true);
    for (const name of ['by', 'reason', 'confirmedBy'])
      for (const told of [ended, { event: 'erase.confirmed', facts: { run: 'r', days: true } }])
        expect(ledgerEvent.safeParse({ ...told, facts: { ...told.facts, [name]: 'x' } }).success).toBe(false);
  });

  it('has every urgent event', () => {
    const known = ledgerEvent.options.map(({ shape }) => shape.event.value);
    expect(known).toEqual(expect.arrayContaining([...URGENT_EVENTS]));
    expect(new Set(known).size).toBe(known.length);
  });
});
