import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { columns } from '../src/cli/columns.ts';
import type { Figure } from './figure.ts';

interface Bench {
  run(): Promise<Figure[]>;
}

/** Files of this folder that are no benchmark. */
const OTHERS = new Set(['main', 'figure', 'soak']);
const NAMES = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !OTHERS.has(file.slice(0, -3)))
  .map((file) => file.slice(0, -3))
  .sort();

const USAGE = `Measures Girok against references in the same run.

  npm run -s bench -- [NAME…] [--json]

NAME: ${NAMES.join(', ')}; without one all of them. --json prints one line per figure:
{"figure","value","unit","reference","ratio","target","holds"}. Exit code 1 when a figure does not hold.
`;

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !NAMES.includes(name));
if (values.help) process.stdout.write(USAGE);
else if (unknown !== undefined) {
  process.stderr.write(`There is no benchmark "${unknown}".\n\n${USAGE}`);
  process.exitCode = 2;
} else process.exitCode = await measure(positionals.length > 0 ? positionals : NAMES);

async function measure(names: readonly string[]): Promise<number> {
  let holds = true;
  for (const name of names) {
    process.stderr.write(`${name} …\n`);
    const bench = (await import(`./${name}.ts`)) as Bench;
    const figures = await bench.run();
    holds &&= figures.every((figure) => figure.holds);
    process.stdout.write(
      values.json ? figures.map((figure) => `${JSON.stringify(figure)}\n`).join('') : `${table(figures)}\n\n`,
    );
  }
  return holds ? 0 : 1;
}

function table(figures: readonly Figure[]): string {
  return columns([
    ['figure', 'value', 'unit', 'reference', 'ratio', 'target', ''],
    ...figures.map(({ figure, value, unit, reference, ratio, target, holds }) => [
      figure,
      short(value),
      unit,
      reference === undefined ? '-' : short(reference),
      ratio === undefined ? '-' : ratio.toFixed(2),
      target,
      holds ? 'holds' : 'DOES NOT HOLD',
    ]),
  ]);
}

function short(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(Math.abs(value) >= 1000 ? 6 : 3);
}
