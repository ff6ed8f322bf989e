import type { HoldView } from '../../../src/contract/holds.ts';

/** What was reported in a viewing, for as long as this tab is open: shown once the viewing is over. In memory alone. */
const ofViewing = new Map<string, HoldView>();

export const rememberSent = (viewing: string, hold: HoldView): void => void ofViewing.set(viewing, hold);
export const sentOf = (viewing: string): HoldView | undefined => ofViewing.get(viewing);
