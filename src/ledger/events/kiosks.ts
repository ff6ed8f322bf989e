import { z } from 'zod';
import { instant, kind, word } from './shapes.ts';

/** `unused`: nobody typed the code in its time; `guessed`: too many tried to. */
const ENDS = ['asked', 'ended', 'unused', 'guessed', 'lost'] as const;

/** The screen at which a data subject watches one masked clip (열람자 화면). The actor is the officer who opened it. */
export const KIOSKS = [
  /** until: of the code. clip: the masked copy. */
  kind('kiosk.opened', { kiosk: word, clip: word, request: word, until: instant }),
  /** Somebody typed the code; until: of the session, at the longest. */
  kind('kiosk.begun', { kiosk: word, until: instant }),
  kind('kiosk.ended', { kiosk: word, why: z.enum(ENDS) }),
] as const;
