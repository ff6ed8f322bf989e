import type { Page } from 'playwright-core';

/** As somebody without a mouse: each text into whatever has the focus, then on by Tab; the last is sent by Enter. */
export async function typeThrough(page: Page, ...texts: readonly string[]): Promise<void> {
  for (const [at, text] of texts.entries()) {
    if (at > 0) await page.keyboard.press('Tab');
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
}
