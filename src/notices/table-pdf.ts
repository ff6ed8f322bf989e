import type { Readable } from 'node:stream';
import PDFDocument from 'pdfkit';
import { sentencesIn } from '../i18n/sentences.ts';
import { TYPEFACE } from './typeface.ts';
import { wrapLines } from './wrap-lines.ts';

export interface PrintedColumn {
  readonly title: string;
  /** Its share of the width, beside the others'. */
  readonly weight: number;
  readonly align: 'left' | 'right';
}

export interface PrintedTable {
  readonly title: string;
  readonly language: 'ko' | 'en';
  /** On the first page, label and value: whose it is, of which time, taken by whom. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly columns: readonly PrintedColumn[];
  /** Stands instead of rows where there are none. */
  readonly empty: string;
  /** At the foot of each page, beside its number. */
  readonly foot: string;
  /** Into the file's own description; POSIX milliseconds. */
  readonly madeAtMs: number;
}

export type Lines = AsyncIterable<readonly (string | number)[]>;

const MARGIN = 30;
const FOOT = 18;
const PADDING = 2.5;
const LEADING = 1.3;
const GREY = '#5b6470';
const INK = '#16181d';

/**
 * A table on sheets of A4 across, its titles on each, with page numbers. Points (1/72 inch). The whole of it is kept
 * until the last row is there, since the foot tells how many pages there are: bound the rows.
 *
 * @param lines read one after the other; as many cells as there are columns
 * @returns the PDF; destroyed with what `lines` throws
 */
export function tablePdf(table: PrintedTable, lines: Lines): Readable {
  const doc = new PDFDocument({
    size: 'A4',
    layout: 'landscape',
    margin: MARGIN,
    bufferPages: true,
    lang: table.language,
    displayTitle: true,
    info: { Title: table.title, CreationDate: new Date(table.madeAtMs), Creator: 'Girok', Producer: 'Girok' },
  });
  doc.registerFont('regular', TYPEFACE.regular).registerFont('bold', TYPEFACE.bold);
  void print(doc, table, lines).then(
    () => doc.end(),
    (error: unknown) => doc.destroy(error as Error),
  );
  return doc as unknown as Readable;
}

async function print(doc: PDFKit.PDFDocument, table: PrintedTable, given: Lines): Promise<void> {
  const { columns } = table;
  const size = columns.length > 13 ? 6.5 : 7.5;
  const lineHeight = size * LEADING;
  const bottom = doc.page.height - MARGIN - FOOT;
  const total = columns.reduce((sum, { weight }) => sum + weight, 0);
  const across = doc.page.width - 2 * MARGIN;
  const widths = columns.map(({ weight }) => (weight / total) * across);
  const lefts = widths.map((_, at) => MARGIN + widths.slice(0, at).reduce((sum, width) => sum + width, 0));
  const measures = { regular: measureOf(doc, 'regular', size), bold: measureOf(doc, 'bold', size) };
  const wrapped = (cells: readonly (string | number)[], font: 'regular' | 'bold') =>
    cells.map((cell, at) => wrapLines(shown(cell), (widths[at] ?? 0) - 2 * PADDING, measures[font]));
  let y = MARGIN;

  const rule = (weight: number) =>
    doc
      .moveTo(MARGIN, y)
      .lineTo(MARGIN + across, y)
      .lineWidth(weight)
      .strokeColor(GREY)
      .stroke();
  /** Lines from … to of each cell. */
  const draw = (cells: readonly string[][], from: number, to: number, font: 'regular' | 'bold') => {
    doc.font(font).fontSize(size).fillColor(INK);
    for (const [at, lines] of cells.entries())
      for (const [n, line] of lines.slice(from, to).entries())
        if (line !== '') {
          const room = (widths[at] ?? 0) - 2 * PADDING;
          const inset =
            columns[at]?.align === 'right' && font === 'regular' ? room - widthOf(line, measures[font]) : 0;
          doc.text(line, (lefts[at] ?? 0) + PADDING + inset, y + PADDING + n * lineHeight, {
            lineBreak: false,
          });
        }
    y += (to - from) * lineHeight + 2 * PADDING;
  };
  const titles = wrapped(
    columns.map(({ title }) => title),
    'bold',
  );
  const head = () => {
    const lines = Math.max(...titles.map(({ length }) => length));
    doc.rect(MARGIN, y, across, lines * lineHeight + 2 * PADDING).fill('#eef0f3');
    rule(0.8);
    draw(titles, 0, lines, 'bold');
    rule(0.8);
  };
  const turn = () => {
    doc.addPage();
    y = MARGIN;
    head();
  };

  y = first(doc, table, y);
  head();
  const page = Math.floor((bottom - MARGIN - 3 * lineHeight) / lineHeight);
  let rows = 0;
  for await (const cells of given) {
    rows += 1;
    const lines = wrapped(cells, 'regular');
    const height = Math.max(1, ...lines.map(({ length }) => length));
    const room = () => Math.floor((bottom - y - 2 * PADDING) / lineHeight);
    // Kept together where one sheet is enough for it.
    if (room() < Math.min(height, page)) turn();
    for (let from = 0; from < height; ) {
      const to = Math.min(height, from + Math.max(1, room()));
      draw(lines, from, to, 'regular');
      rule(0.3);
      from = to;
      if (from < height) turn();
    }
  }
  if (rows === 0)
    doc
      .font('regular')
      .fontSize(9)
      .fillColor(GREY)
      .text(table.empty, MARGIN, y + 10);
  foot(doc, table);
}

/** Title and facts. @returns where the table begins */
function first(doc: PDFKit.PDFDocument, { title, facts }: PrintedTable, top: number): number {
  doc.font('bold').fontSize(16).fillColor(INK).text(title, MARGIN, top, { lineBreak: false });
  let y = top + 26;
  for (const [label, value] of facts) {
    doc.font('bold').fontSize(8).fillColor(GREY).text(label, MARGIN, y, { lineBreak: false });
    const lines = wrapLines(value, doc.page.width - 2 * MARGIN - 90, measureOf(doc, 'regular', 8));
    doc.font('regular').fontSize(8).fillColor(INK);
    for (const line of lines) {
      doc.text(line, MARGIN + 90, y, { lineBreak: false });
      y += 11;
    }
  }
  return y + 6;
}

function foot(doc: PDFKit.PDFDocument, { foot: words, language }: PrintedTable): void {
  const { start, count } = doc.bufferedPageRange();
  for (let at = 0; at < count; at++) {
    doc.switchToPage(start + at);
    const y = doc.page.height - MARGIN - 8;
    // Below the margin a text would begin a page of its own.
    doc.page.margins.bottom = 0;
    const number = sentencesIn(language).printing.page({ page: at + 1, pages: count });
    doc.font('regular').fontSize(7).fillColor(GREY).text(words, MARGIN, y, { lineBreak: false });
    doc.text(number, doc.page.width - MARGIN - doc.widthOfString(number), y, { lineBreak: false });
  }
}

/** Widths of characters, each measured once. */
function measureOf(doc: PDFKit.PDFDocument, font: 'regular' | 'bold', size: number) {
  const known = new Map<string, number>();
  return (character: string): number => {
    let width = known.get(character);
    if (width === undefined) {
      width = doc.font(font).fontSize(size).widthOfString(character);
      known.set(character, width);
    }
    return width;
  };
}

const widthOf = (line: string, measure: (character: string) => number): number =>
  [...line].reduce((sum, character) => sum + measure(character), 0);

/** Numbers as people read them; what no typeface shows is shown as a replacement character. */
const shown = (cell: string | number): string =>
  typeof cell === 'number'
    ? cell.toLocaleString('en-US')
    : cell.toWellFormed().replace(/(?![\n\r])\p{Cc}/gu, '\ufffd');
