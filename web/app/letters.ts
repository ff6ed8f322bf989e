import { after } from './clock.ts';

/** What a page is for comes first, over the few connections that a browser opens. */
const LATER_MS = 5000;

/**
 * The font comes in pieces of a few letters each, those first that are on screen. The others follow when there is time:
 * a sentence that says that the server is away must not lack letters that only the server has.
 */
export function loadAllLetters(): void {
  const load = () => {
    for (const face of document.fonts)
      face.load().catch(() => {
        // It is tried again when a letter of it is on screen.
      });
  };
  after(LATER_MS, () => {
    if ('requestIdleCallback' in window) requestIdleCallback(load, { timeout: 10_000 });
    else load();
  });
}
