import { words } from './words.ts';

/** Why a viewing is over, and what can be done. */
export function overWords(outcome: string): string {
  const { why } = words().over;
  return outcome in why ? why[outcome as keyof typeof why] : why.other;
}
