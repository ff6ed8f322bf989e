import { renderSVG } from 'uqr';
import type { SignedCheckpoint } from './checkpoint.ts';

export interface PageWords {
  readonly title: string;
  readonly site: string;
  /** What to do with the page. */
  readonly why: string;
  /** Label and value. */
  readonly lines: readonly (readonly [string, string])[];
}

/**
 * A checkpoint as one page to print and put into a folder: nobody who owns this machine can reach it there. The QR
 * code holds the whole signed note, so that no digit has to be typed.
 *
 * @returns HTML that needs nothing else
 */
export function checkpointPage({ note }: SignedCheckpoint, { title, site, why, lines }: PageWords): string {
  const rows = lines.map(([label, value]) => `<tr><th>${escaped(label)}</th><td>${escaped(value)}</td></tr>`);
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<title>${escaped(title)}</title>
<style>
@page { size: A4; margin: 20mm }
body { font: 11pt/1.5 sans-serif; max-width: 170mm; margin: auto }
table { border-collapse: collapse; margin: 6mm 0 }
th { text-align: left; padding-right: 8mm; font-weight: 600 }
td, pre { font-family: monospace }
pre { white-space: pre-wrap; word-break: break-all; border: 1px solid; padding: 3mm; font-size: 8pt }
svg { width: 70mm; height: 70mm }
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${escaped(site)}</p>
<table>${rows.join('')}</table>
${renderSVG(note, { ecc: 'M', border: 2 })}
<pre>${escaped(note)}</pre>
<p>${escaped(why)}</p>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? '');
