import type { PrintedTable } from './table-pdf.ts';

/** Between whoever has the rows and the thread that sets them: a few rows at a time, on demand. */
export type ToPdf =
  | { readonly kind: 'rows'; readonly rows: readonly (readonly (string | number)[])[] }
  | { readonly kind: 'end' };

export type FromPdf =
  | { readonly kind: 'more' }
  | { readonly kind: 'piece'; readonly piece: Uint8Array }
  | { readonly kind: 'done' };

export type PdfTask = PrintedTable;
