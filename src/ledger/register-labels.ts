import type { ViewWords } from './views/words.ts';
import type { RegisterName } from './views.ts';

/** Kinds and outcomes as the index has them, in words; what this version does not know stands for itself. */
export function kindLabel(words: ViewWords, register: RegisterName, kind: string): string {
  switch (register) {
    case 'management':
      return wordOf(words.management.kinds, kind);
    case 'viewing':
      return wordOf(words.viewing.kinds, kind);
    case 'access':
    case 'rights':
    case 'destruction':
      return wordOf(words.events, kind);
  }
}

export function outcomeLabel(words: ViewWords, register: RegisterName, outcome: string): string {
  switch (register) {
    case 'viewing':
      return wordOf({ ...words.viewing.outcomes, open: words.viewing.open }, outcome);
    case 'destruction':
      return wordOf(words.destruction.states, outcome);
    case 'access':
      return wordOf({ refused: words.access.refused }, outcome);
    case 'management':
    case 'rights':
      return outcome;
  }
}

const wordOf = (words: Readonly<Record<string, string>>, code: string): string =>
  Object.hasOwn(words, code) ? (words[code] ?? code) : code;
