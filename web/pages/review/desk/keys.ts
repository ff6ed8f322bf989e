/** What a key does at the desk. */
export type Command =
  | { readonly do: 'toggle' | 'next' | 'previous' | 'in' | 'out' | 'bookmark' | 'go-to' | 'full' | 'help' }
  | { readonly do: 'pause' }
  | { readonly do: 'seconds'; readonly by: number }
  | { readonly do: 'step'; readonly by: 1 | -1 }
  | { readonly do: 'speed'; readonly by: 1 | -1 };

export interface Pressed {
  /** `KeyboardEvent.key`: what the layout gives. */
  readonly key: string;
  /** `KeyboardEvent.code`: where the key lies, so that a Korean keyboard means the same. */
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

const BY_PLACE: Readonly<Record<string, Command>> = {
  Space: { do: 'toggle' },
  KeyJ: { do: 'speed', by: -1 },
  KeyK: { do: 'pause' },
  KeyL: { do: 'speed', by: 1 },
  KeyN: { do: 'next' },
  KeyP: { do: 'previous' },
  KeyI: { do: 'in' },
  KeyO: { do: 'out' },
  KeyB: { do: 'bookmark' },
  KeyG: { do: 'go-to' },
  KeyF: { do: 'full' },
  Comma: { do: 'step', by: -1 },
  Period: { do: 'step', by: 1 },
};
const SECOND = 1;
const SECONDS_WITH_SHIFT = 10;

/** @returns undefined for what is the browser's, or nobody's */
export function commandOf({ key, code, shiftKey, ctrlKey, altKey, metaKey }: Pressed): Command | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  if (key === '?') return { do: 'help' };
  const seconds = shiftKey ? SECONDS_WITH_SHIFT : SECOND;
  if (key === 'ArrowLeft') return { do: 'seconds', by: -seconds };
  if (key === 'ArrowRight') return { do: 'seconds', by: seconds };
  return shiftKey ? undefined : BY_PLACE[code];
}
