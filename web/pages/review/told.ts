/**
 * What this person wrote today, for as long as this tab is open, in memory alone: reasons are a person's words, and the
 * server gives them to nobody but whoever has to judge them.
 */
interface Told {
  readonly reason: string;
  readonly requester: string;
}

const MOST = 5;
const ofViewing = new Map<string, Told>();
let reasons: readonly string[] = [];

export function remember(viewing: string, told: Told): void {
  ofViewing.set(viewing, told);
  rememberReason(told.reason);
}

export function rememberReason(reason: string): void {
  reasons = [reason, ...reasons.filter((one) => one !== reason)].slice(0, MOST);
}

export const toldOf = (viewing: string): Told | undefined => ofViewing.get(viewing);
export const recentReasons = (): readonly string[] => reasons;

let isBack = false;

/** Whoever has ended a viewing is done: coming back to the list asks nothing of them. */
export const comesBack = (): void => {
  isBack = true;
};

/** @returns whether somebody came back; once */
export function cameBack(): boolean {
  const was = isBack;
  isBack = false;
  return was;
}
