import { GirokError } from '../lib/errors.ts';
import { createTurns } from '../lib/turns.ts';
import {
  type PasswordAnswer,
  type PasswordTask,
  type PasswordThread,
  startPasswordThread,
} from './password-thread.ts';

/** 64 MiB, three passes, one lane: about 50 ms. RFC 9106 §4 asks for this where 2 GiB are too much. */
const COST = { memoryCost: 64 * 1024, timeCost: 3, parallelism: 1, outputLen: 32 } as const;
/** Threads, each with 64 MiB while it works. At four at once in the pool of the process reads of files waited for 60 ms. */
const AT_ONCE = 2;
const LONGEST_QUEUE = 32;

export const LONGEST_PASSWORD = 128;

export interface Passwords {
  /** Before anything else is looked at: a flood is to cost nothing. @throws GirokError `sign_in_busy` when too many wait */
  assertRoom(): void;
  /** Argon2id in PHC form. @throws GirokError `sign_in_busy` */
  hash(password: string): Promise<string>;
  /**
   * The same work whether there is anything to compare with or not.
   *
   * @param stored undefined: nobody's. @throws GirokError `sign_in_busy` when too many wait
   */
  verify(stored: string | undefined, password: string): Promise<boolean>;
}

/** @param pepper without which nobody can guess at what is stored */
export function createPasswords({ pepper }: { pepper: Buffer }): Passwords {
  const cost = { ...COST, secret: pepper };
  const idle: PasswordThread[] = [];
  const busy = () => new GirokError('sign_in_busy');
  const turns = createTurns({ atOnce: AT_ONCE, waiting: LONGEST_QUEUE, full: busy });
  const inThread = async (task: PasswordTask): Promise<PasswordAnswer> => {
    const thread = idle.pop() ?? startPasswordThread(cost);
    const answer = await thread.run(task);
    // One that failed is not used again.
    idle.push(thread);
    return answer;
  };
  const hash = async (password: string): Promise<string> => {
    const answer = await inThread({ password });
    if (!('hash' in answer)) throw new GirokError('internal', { reason: 'no hash' });
    return answer.hash;
  };
  let nobody: Promise<string> | undefined;
  return {
    assertRoom() {
      if (turns.isFull()) throw busy();
    },
    hash: (password) => turns.take(undefined, () => hash(normal(password))),
    verify: (stored, password) =>
      turns.take(undefined, async () => {
        nobody ??= hash('nobody has this password').catch((error) => {
          nobody = undefined;
          throw error;
        });
        const answer = await inThread({ stored: stored ?? (await nobody), password: normal(password) });
        return stored !== undefined && 'isRight' in answer && answer.isRight;
      }),
  };
}

/** As another keyboard would send it (NIST SP 800-63B-4 §3.1.1.2), and never longer than anybody may set. */
const normal = (password: string): string => password.slice(0, LONGEST_PASSWORD * 2).normalize('NFKC');
