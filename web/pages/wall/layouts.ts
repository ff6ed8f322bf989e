export const LAYOUTS = [1, 4, 9, 13] as const;
export type Layout = (typeof LAYOUTS)[number];

/** The smallest that shows them all. */
export const layoutFor = (cameras: number): Layout => LAYOUTS.find((tiles) => tiles >= cameras) ?? 13;
