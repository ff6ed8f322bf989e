/**
 * What this browser keeps: how its screens look, and nothing else. Never footage, never a person's data, never anything
 * that opens something.
 */
type Kept = 'girok.language' | 'girok.theme';

export function kept(name: Kept): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    // A browser that keeps nothing shows its defaults each time.
    return undefined;
  }
}

export function keep(name: Kept, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // As above.
  }
}
