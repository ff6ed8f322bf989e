import { inspect } from 'node:util';

/**
 * A text that cannot be printed by accident: `String()`, JSON, `console.log` and loggers show `[secret]`.
 * Only {@link Secret.reveal} gives it out, so every disclosure can be found by searching for that word.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
