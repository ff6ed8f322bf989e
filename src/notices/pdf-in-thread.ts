import { PassThrough, type Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { entryPath } from '../lib/entry.ts';
import { GirokError } from '../lib/errors.ts';
import type { FromPdf, PdfTask, ToPdf } from './pdf-messages.ts';
import type { Lines } from './table-pdf.ts';

/** Rows that are handed over at once. */
const AT_ONCE = 50;

/**
 * `tablePdf` in a thread of its own, which is ended with the stream. Rows are read when it asks for them.
 *
 * @returns the PDF; destroyed with what `lines` throws, or the thread dies of
 */
export function tablePdfInThread(task: PdfTask, lines: Lines): Readable {
  const out = new PassThrough();
  const worker = new Worker(entryPath(import.meta.url, './pdf-worker'), { workerData: task, env: {} });
  const reading = lines[Symbol.asyncIterator]();
  const say = (message: ToPdf) => worker.postMessage(message);
  const hand = async () => {
    const rows: (readonly (string | number)[])[] = [];
    while (rows.length < AT_ONCE) {
      const next = await reading.next();
      if (next.done) break;
      rows.push(next.value);
    }
    if (rows.length > 0) say({ kind: 'rows', rows });
    else say({ kind: 'end' });
  };
  worker.on('message', (message: FromPdf) => {
    if (message.kind === 'more') void hand().catch((error: Error) => out.destroy(error));
    else if (message.kind === 'piece') out.write(message.piece);
    else out.end();
  });
  worker.once('error', (error) => out.destroy(error as Error));
  worker.once('exit', () => {
    if (!out.writableEnded)
      out.destroy(new GirokError('internal', { reason: 'the thread of the document ended' }));
  });
  out.once('close', () => {
    void worker.terminate();
    // Nobody reads on: what is open for it is closed. It was read up to there, or has thrown already.
    void reading.return?.().catch(() => undefined);
  });
  return out;
}
