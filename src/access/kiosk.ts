import { timingSafeEqual } from 'node:crypto';
import type { Actor } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type Clock, isoFromUs, MINUTE_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { decide, type Principal } from './policy.ts';
import { newToken, readableCode, readCode, tokenHash } from './secrets.ts';

/** A masked copy in the evidence locker of a request. Instants: µs UTC. */
export interface MaskedClip {
  readonly id: string;
  /** Number of the request it was made for. */
  readonly request: string;
  /** Name of the data subject who asked, for the watermark. */
  readonly applicant: string;
  readonly cameras: readonly string[];
  readonly fromUs: number;
  readonly toUs: number;
}

/** What was made by masking, and nothing else: an original is in no answer of it. */
export interface MaskedClips {
  /** Read afresh: undefined once the copy is destroyed. */
  find(id: string): MaskedClip | undefined;
}

/** The screen at which a data subject watches one masked clip. */
export interface KioskSession {
  readonly id: string;
  readonly clip: MaskedClip;
  readonly principal: Principal;
}

/**
 * Kiosks of one process, in memory alone: a code or a session that is nowhere on a disk is in no backup, and all of
 * them are over with the process.
 */
export interface Kiosks {
  /**
   * By an officer who proved themselves within minutes.
   *
   * @returns the code, to be typed at the kiosk, once
   * @throws GirokError `not_allowed` {why}; `kiosk_not_masked` for what is no masked copy; `kiosk_busy`
   */
  open(
    officer: Principal,
    clip: string,
  ): { readonly kiosk: string; readonly code: string; readonly untilUs: number };
  /** @returns the token, for that browser alone. @throws GirokError `kiosk_code_refused` */
  enter(code: string): { readonly token: string; readonly endsUs: number };
  /** Whose kiosk it is at this moment; undefined once it is over. */
  session(token: string): KioskSession | undefined;
  /** By whoever opened it. @throws GirokError `kiosk_unknown` */
  end(by: Principal, kiosk: string): void;
  /** To be called every minute: what is over is entered. */
  sweep(): void;
  /** All of them are over. */
  stop(): void;
}

export const CODE_GOOD_US = 5 * MINUTE_US;
export const KIOSK_LASTS_US = 60 * MINUTE_US;
/** One room, and one that waits; more is nobody's desk. */
const MOST_AT_ONCE = 4;
/** Some 40 bits against so many guesses from anywhere; the next code is a click away. */
const MOST_TRIES = 1000;

type Why = 'asked' | 'ended' | 'unused' | 'guessed' | 'lost';

interface Kiosk {
  readonly id: string;
  readonly clip: string;
  readonly officer: string;
  /** Waits for its code; undefined once that was typed. */
  code: Buffer | undefined;
  tries: number;
  token: Buffer | undefined;
  endsUs: number;
}

export interface KiosksDeps {
  readonly clips: MaskedClips;
  readonly ledger: Pick<Ledger, 'write'>;
  readonly clock: Clock;
  /** Told of an end that could not be entered: it is over all the same. */
  readonly failed: (error: unknown) => void;
}

export function createKiosks({ clips, ledger, clock, failed }: KiosksDeps): Kiosks {
  const kiosks = new Map<string, Kiosk>();
  const begunUs = clock.utcUs();
  const by = ({ account }: Principal): Actor => `person:${account}`;

  const over = (kiosk: Kiosk, why: Why, actor: Actor = 'process:web') => {
    // First it is over, then it is entered: an end waits for no disk.
    if (!kiosks.delete(kiosk.id)) return;
    try {
      ledger.write((tx) => tx.append({ event: 'kiosk.ended', facts: { kiosk: kiosk.id, why }, actor }));
    } catch (error) {
      failed(error);
    }
  };
  const whyOver = ({ code, tries, endsUs, clip }: Kiosk): Why | undefined => {
    const nowUs = clock.utcUs();
    // A clock that was set back makes nothing last longer.
    if (!(nowUs < endsUs) || nowUs < begunUs - MINUTE_US || !clips.find(clip))
      return code ? 'unused' : 'ended';
    return tries >= MOST_TRIES ? 'guessed' : undefined;
  };
  const sweep = () => {
    for (const kiosk of [...kiosks.values()]) {
      const why = whyOver(kiosk);
      if (why) over(kiosk, why);
    }
  };
  const principalOf = ({ id, endsUs }: Kiosk): Principal => ({
    account: `kiosk-${id}`,
    role: 'kiosk',
    state: 'active',
    // What it may see is not a right of its own: one clip, which its session names.
    rights: [],
    session: { endsUs, factor: false, outside: false, mustChangePassword: false, provenUs: 0 },
  });

  return {
    open(officer, id) {
      const answer = decide(officer, { action: 'approve' }, clock.utcUs());
      if (!answer.allowed) throw new GirokError('not_allowed', { why: answer.why });
      const clip = clips.find(id);
      if (!clip) throw new GirokError('kiosk_not_masked');
      sweep();
      if (kiosks.size >= MOST_AT_ONCE) throw new GirokError('kiosk_busy');
      const nowUs = clock.utcUs();
      const kiosk = newId(nowUs);
      const code = readableCode(2, 4);
      const untilUs = nowUs + CODE_GOOD_US;
      ledger.write((tx) => {
        const facts = { kiosk, clip: id, request: clip.request, until: isoFromUs(untilUs) };
        tx.append({ event: 'kiosk.opened', facts, actor: by(officer) });
      });
      kiosks.set(kiosk, {
        id: kiosk,
        clip: id,
        officer: officer.account,
        code: tokenHash(readCode(code)),
        tries: 0,
        token: undefined,
        endsUs: untilUs,
      });
      return { kiosk, code, untilUs };
    },

    enter(typed) {
      sweep();
      const hash = tokenHash(readCode(typed));
      const waiting = [...kiosks.values()].filter(({ code }) => code);
      const found = waiting.find(({ code }) => code && timingSafeEqual(code, hash));
      if (!found) {
        for (const kiosk of waiting) kiosk.tries++;
        throw new GirokError('kiosk_code_refused');
      }
      const { token, hash: kept } = newToken();
      const endsUs = clock.utcUs() + KIOSK_LASTS_US;
      ledger.write((tx) => {
        const facts = { kiosk: found.id, until: isoFromUs(endsUs) };
        tx.append({ event: 'kiosk.begun', facts, actor: 'process:web' });
      });
      Object.assign(found, { code: undefined, token: kept, endsUs });
      return { token, endsUs };
    },

    session(token) {
      const hash = tokenHash(token);
      const found = [...kiosks.values()].find((kiosk) => kiosk.token && timingSafeEqual(kiosk.token, hash));
      if (!found) return undefined;
      const clip = clips.find(found.clip);
      const why = whyOver(found);
      if (why || !clip) {
        over(found, why ?? 'ended');
        return undefined;
      }
      return { id: found.id, clip, principal: principalOf(found) };
    },

    end(officer, id) {
      const kiosk = kiosks.get(id);
      if (kiosk?.officer !== officer.account) throw new GirokError('kiosk_unknown');
      over(kiosk, 'asked', by(officer));
    },

    sweep,
    stop() {
      for (const kiosk of [...kiosks.values()]) over(kiosk, 'lost');
    },
  };
}
