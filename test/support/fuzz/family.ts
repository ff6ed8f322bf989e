import type { Chances } from './random.ts';

/** One kind of input: how it is made and what has to hold when it has been taken. */
export interface Family {
  readonly name: string;
  /** Of a hundred inputs. */
  readonly share: number;
  make(chances: Chances): readonly Buffer[];
  /**
   * Takes an input, with the same chances for whatever is not bytes (how they are cut into reads, what time it is).
   *
   * @throws when something does not hold that has to hold for every input
   */
  take(pieces: readonly Buffer[], chances: Chances): void | Promise<void>;
}

/** @throws an error that says what does not hold */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
