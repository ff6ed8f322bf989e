import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openSiteForWriting } from '../../src/db/site/open.ts';
import { createViewingRows } from '../../src/db/site/viewing-rows.ts';
import { readBody } from '../../src/ledger/entry.ts';
import type { LedgerEventName } from '../../src/ledger/events.ts';
import { createLedger } from '../../src/ledger/ledger.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createGate } from '../../src/viewing/gate.ts';
import { createViewingWriting } from '../../src/viewing/writing.ts';
import { scratchFolder } from '../support/ledger/scratch.ts';
import { mountSmallDisk } from '../support/small-disk.ts';

const PROGRAM = fileURLToPath(new URL('../support/viewing/keep-watching.ts', import.meta.url));
/** What had left so long before the end is known whatever happens: looks are two seconds apart. */
const KNOWN_AFTER_MS = 2500;

interface Handed {
  readonly bytes: number;
  readonly atMs: number;
  readonly isCut: boolean;
}

function startWatching(folder: string) {
  const child = spawn(process.execPath, [PROGRAM, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const lines = (): Handed[] =>
    said
      .slice(0, said.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [atMs = '', bytes = ''] = line.split(' ').reverse();
        return { bytes: Number(bytes), atMs: Number(atMs), isCut: line.startsWith('cut') };
      });
  return {
    lines,
    async until(condition: (lines: Handed[]) => boolean) {
      const untilMs = performance.now() + 30_000;
      while (!condition(lines())) {
        if (performance.now() > untilMs) throw new Error(`not within 30 s: ${said.slice(-300)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** What the ledger says after the next start. */
function afterwards(folder: string) {
  const db = openSiteForWriting(join(folder, 'site.db'));
  const ledger = createLedger({ db, clock: systemClock });
  const writing = createViewingWriting({
    ledger,
    alarms: { raise: () => undefined, clear: () => undefined },
  });
  const rules = { purposes: new Set<string>(), camera: () => undefined };
  const failed = (error: unknown) => {
    throw error;
  };
  const gate = createGate({ writing, db, clock: systemClock, rules, failed });
  const recovered = gate.recover();
  const factsOf = (event: LedgerEventName) =>
    [...ledger.rows.entriesOf([event], 0)].map(({ body }) => readBody(body).facts as Record<string, unknown>);
  const left = createViewingRows(db).openViewings().length;
  const [delivered, closed] = [factsOf('viewing.delivered'), factsOf('viewing.closed')];
  gate.stop();
  db.close();
  const bytes = delivered.reduce((sum, facts) => sum + Number(facts.bytes), 0);
  return { recovered, left, bytes, outcomes: closed.map(({ outcome }) => outcome) };
}

it.each([300, 3100, 5700])(
  'a web process killed %i ms into a viewing leaves it lost, with all but the last moments',
  async (ms) => {
    const folder = scratchFolder();
    const watching = startWatching(folder);
    await watching.until((lines) => lines.length > 0 && lines.at(-1)!.atMs - lines[0]!.atMs > ms);
    await watching.kill();
    const lines = watching.lines();
    const last = lines.at(-1)!;
    const known = lines.findLast(({ atMs }) => atMs < last.atMs - KNOWN_AFTER_MS)?.bytes ?? 0;
    const { bytes, left, outcomes, recovered } = afterwards(folder);
    expect({ recovered, left, outcomes }).toEqual({ recovered: 1, left: 0, outcomes: ['lost'] });
    expect(bytes).toBeGreaterThanOrEqual(known);
    // One piece more may have been counted than it lived to say.
    expect(bytes).toBeLessThanOrEqual(last.bytes + 1000);
  },
);

it('a full disk of the ledger ends what runs, and what was seen is entered once there is room', async ({
  skip,
}) => {
  const disk = mountSmallDisk(join(scratchFolder(), 'disk'), 8 * 1024 * 1024);
  if ('refused' in disk) return skip(`no file system can be mounted here: ${disk.refused}`);
  const watching = startWatching(disk.folder);
  try {
    await watching.until((lines) => lines.length > 20);
    const fullMs = performance.timeOrigin + performance.now();
    disk.fill();
    await watching.until((lines) => lines.some(({ isCut }) => isCut));
    const cut = watching.lines().find(({ isCut }) => isCut)!;
    expect(cut.atMs - fullMs).toBeLessThan(5000);
    disk.empty();
    // It goes on looking, every two seconds.
    await new Promise((resolve) => setTimeout(resolve, KNOWN_AFTER_MS));
    await watching.kill();
    const { bytes, outcomes } = afterwards(disk.folder);
    expect(bytes).toBe(cut.bytes);
    expect(outcomes).toEqual(['lost']);
  } finally {
    await watching.kill();
    disk.unmount();
  }
});
