import type { Locator, Page } from 'playwright-core';

/** As somebody without a mouse: each text into whatever has the focus, then on by Tab; the last is sent by Enter. */
export async function typeThrough(page: Page, ...texts: readonly string[]): Promise<void> {
  for (const [at, text] of texts.entries()) {
    if (at > 0) await page.keyboard.press('Tab');
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
}

/** Presses Tab until it has the focus. */
export async function tabTo(page: Page, to: Locator): Promise<void> {
  for (let count = 0; count < 120; count++) {
    if (await to.evaluate((element) => element.matches(':focus'))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('it cannot be reached by the Tab key');
}
