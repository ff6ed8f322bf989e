import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/**
 * Runs in the page: what somebody at it cannot use. What is wider than the screen, what lies under something else, what
 * has its words cut off.
 */
const LOOK = `(() => {
  const found = [];
  const { scrollWidth } = document.scrollingElement;
  if (scrollWidth > innerWidth) found.push('the page is ' + scrollWidth + ' wide');
  const open = document.querySelector('dialog[open]');
  if (open) {
    const { left, right } = open.getBoundingClientRect();
    if (left < 0 || right > innerWidth) found.push('a dialog reaches from ' + left + ' to ' + right);
  }
  for (const one of (open ?? document).querySelectorAll('a[href], button, input, select, textarea')) {
    const style = getComputedStyle(one);
    if (style.visibility === 'hidden' || style.opacity === '0' || one.closest('[inert], [aria-hidden=true]')) continue;
    one.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const { left, top, width, height } = one.getBoundingClientRect();
    // Shown to nobody but to whoever reads by ear, or not before it has the focus.
    if (width <= 2 || height <= 2 || top + height < 0) continue;
    const name = one.outerHTML.slice(0, 160);
    const on = document.elementFromPoint(left + width / 2, top + height / 2);
    const isOwn = on && (one.contains(on) || on.contains(one) || on.closest('label')?.control === one);
    if (!isOwn) found.push('under ' + on?.outerHTML.slice(0, 120) + ': ' + name);
    if (one.matches('button, a[href]') && one.scrollWidth > one.clientWidth + 1 && style.display !== 'inline')
      found.push('its words are cut off: ' + name);
  }
  return found;
})()`;

/** Everything that can be pressed or filled in is in sight, on top, and whole; nothing scrolls sideways. */
export async function fitsTheScreen(page: Page): Promise<void> {
  expect(await page.evaluate(LOOK)).toEqual([]);
}
