import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createLedgerRows } from '../../../src/db/site/ledger-rows.ts';
import { openSiteForReading } from '../../../src/db/site/open.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { createRightEdge, rootOf } from '../../../src/ledger/tree.ts';
import { hashLeaf } from '../../../src/lib/merkle.ts';

const PROGRAM = fileURLToPath(new URL('./keep-appending.ts', import.meta.url));

/** Starts a writer, kills it `afterMs` after its first acknowledgement. @returns the last number acknowledged */
export async function appendUntilKilled(path: string, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    if (said === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
    said += text;
  });
  await new Promise((resolve) => child.once('close', resolve));
  // A line that the kill cut in two acknowledges nothing.
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
}

export interface Losses {
  readonly entries: number;
  readonly lost: number;
  readonly gaps: number;
  readonly rootHolds: boolean;
}

/**
 * Which acknowledged entries are missing, and whether numbers and tree hold.
 *
 * @param whole false: only how many there are is looked at
 */
export function lossesOf(path: string, acknowledged: number, { whole = true } = {}): Losses {
  const db = openSiteForReading(path);
  try {
    const rows = createLedgerRows(db);
    const edge = createRightEdge();
    if (!whole) {
      const entries = rows.size();
      return { entries, lost: Math.max(0, acknowledged + 1 - entries), gaps: 0, rootHolds: true };
    }
    let gaps = 0;
    for (const { seq, body } of rows.entries(0, Number.MAX_SAFE_INTEGER)) {
      if (seq !== edge.size || readBody(body).seq !== seq) gaps += 1;
      edge.add(hashLeaf(body));
    }
    return {
      entries: edge.size,
      lost: Math.max(0, acknowledged + 1 - edge.size),
      gaps,
      rootHolds: rootOf(edge.size, rows).equals(edge.root()),
    };
  } finally {
    db.close();
  }
}
