import { zip } from './zip.ts';

/** A table to be handed out: titles, and rows as long as the titles. */
export interface Table {
  readonly name: string;
  readonly titles: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/**
 * CSV (RFC 4180), UTF-8 with a mark that spreadsheets look for. A text that a spreadsheet would take for a formula is
 * quoted with an apostrophe: what somebody wrote into a form must not run on whoever reads the ledger.
 */
export const toCsv = ({ titles, rows }: Table): string => `\ufeff${[titles, ...rows].map(csvLine).join('')}`;

/** One line of it; the mark stands in front of the first. */
export function csvLine(row: readonly (string | number)[]): string {
  const cell = (value: string | number) => {
    const text = typeof value === 'number' ? String(value) : value.replace(/^[=+\-@\t\r]/, "'$&");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${row.map(cell).join(',')}\r\n`;
}

/** Office Open XML (ECMA-376) with the few parts that a sheet needs; texts are inline and never formulas. */
export function toXlsx({ name, titles, rows }: Table): Buffer {
  const lines = [titles, ...rows].map(sheetRow);
  return zip([...workbookParts(name), [SHEET, `${SHEET_HEAD}${lines.join('')}${SHEET_TAIL}`]]);
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OFFICE = 'http://schemas.openxmlformats.org';
const MAIN = `${OFFICE}/spreadsheetml/2006/main`;

/** Its one sheet, which {@link sheetRow} makes row by row. */
export const SHEET = 'xl/worksheets/sheet1.xml';
export const SHEET_HEAD = `${XML}<worksheet xmlns="${MAIN}"><sheetData>`;
export const SHEET_TAIL = '</sheetData></worksheet>';

/** All other parts of a workbook with one sheet of that name. */
export function workbookParts(name: string): (readonly [path: string, text: string])[] {
  const relations = `${OFFICE}/officeDocument/2006/relationships`;
  const ofPackage = `${OFFICE}/package/2006`;
  const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const sheetName = xmlText(name.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31));
  return [
    [
      '[Content_Types].xml',
      `${XML}<Types xmlns="${ofPackage}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/><Override PartName="/${SHEET}" ContentType="${kind}.worksheet+xml"/></Types>`,
    ],
    [
      '_rels/.rels',
      `${XML}<Relationships xmlns="${ofPackage}/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${XML}<workbook xmlns="${MAIN}" xmlns:r="${relations}"><sheets><sheet name="${sheetName}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${XML}<Relationships xmlns="${ofPackage}/relationships"><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ],
  ];
}

/** @param y from 0 */
export function sheetRow(row: readonly (string | number)[], y: number): string {
  const cells = row.map((value, x) => cellXml(`${columnName(x)}${y + 1}`, value));
  return `<row r="${y + 1}">${cells.join('')}</row>`;
}

function cellXml(at: string, value: string | number): string {
  if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`;
  return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${xmlText(value)}</t></is></c>`;
}

/** A … Z, AA … */
function columnName(x: number): string {
  const letter = String.fromCharCode(65 + (x % 26));
  return x < 26 ? letter : columnName(Math.floor(x / 26) - 1) + letter;
}

/** What XML 1.0 cannot hold at all is shown as a replacement character. */
const xmlText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;');
