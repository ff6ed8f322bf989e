import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = createRequire(import.meta.url).resolve('axe-core');
/** For whoever wants to see them; nothing compares them. */
const FOLDER = join(tmpdir(), 'girok-screens');

/** @returns the picture's path: `/tmp/girok-screens/sign-in-ko-light.png` */
export async function photograph(page: Page, name: string): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}

/** Nothing that keeps somebody from using the page: WCAG 2.2 A and AA, by axe, contrast included. */
export async function noSeriousFindings(page: Page): Promise<void> {
  // Injected by the browser's debugger: the page's own content policy stays as it is.
  const axe = await page.evaluate("'axe' in window");
  if (!axe) await page.evaluate(`${readFileSync(AXE, 'utf8')};undefined`);
  const { violations } = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as AxeResults;
  // Of what is only advice, what is minor is left to whoever reads.
  const found = violations
    .filter(({ impact }) => impact !== 'minor')
    .flatMap(({ id, impact, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${impact} ${id}: ${html.slice(0, 200)}\n${failureSummary}`),
    );
  expect(found).toEqual([]);
}
