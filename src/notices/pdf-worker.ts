import { parentPort, workerData } from 'node:worker_threads';
import type { FromPdf, PdfTask, ToPdf } from './pdf-messages.ts';
import { tablePdf } from './table-pdf.ts';

/** The thread that sets one document: a typeface and thousands of rows take seconds, in which nobody else may wait. */
const port = parentPort;
if (!port) throw new Error('the maker of documents runs in a worker thread');
const say = (message: FromPdf) => port.postMessage(message);

const arrived: ToPdf[] = [];
let wake: (() => void) | undefined;
port.on('message', (message: ToPdf) => {
  arrived.push(message);
  wake?.();
});

async function* rows() {
  for (;;) {
    say({ kind: 'more' });
    while (arrived.length === 0)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    const message = arrived.shift();
    if (message?.kind !== 'rows') return;
    yield* message.rows;
  }
}

for await (const piece of tablePdf(workerData as PdfTask, rows()) as AsyncIterable<Uint8Array>)
  say({ kind: 'piece', piece });
say({ kind: 'done' });
port.close();
