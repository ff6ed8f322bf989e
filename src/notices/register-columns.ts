import type { RegisterName } from '../contract/registers.ts';

/** Widths of the columns of a printed register, beside each other, in the order of its form. */
export const COLUMN_WEIGHTS: Readonly<Record<RegisterName, readonly number[]>> = {
  management: [3, 4, 9, 12, 7, 10, 10, 13, 7, 12, 13, 9],
  viewing: [3, 8, 8, 8, 7, 10, 9, 8, 8, 6, 7, 5, 8, 6, 7, 8, 7, 6],
  access: [4, 10, 10, 9, 9, 22, 12, 18],
  rights: [3, 8, 9, 8, 7, 7, 8, 12, 5, 8, 8, 10, 8, 8, 8],
  destruction: [3, 10, 10, 10, 6, 5, 8, 8, 7, 9, 6, 5, 5],
};
