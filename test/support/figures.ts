/** What was measured, for people who run the long form (GIROK_FULL=1); a test's bounds are in the test. */
export function showFigures(figures: Readonly<Record<string, unknown>>): void {
  if (process.env.GIROK_FULL === '1') process.stdout.write(`${JSON.stringify(figures)}\n`);
}
