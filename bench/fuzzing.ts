import { fuzz } from '../test/support/fuzz/fuzz.ts';
import { runBesideHostileCameras } from '../test/support/fuzz/hostile-cameras.ts';
import type { Figure } from './figure.ts';

const INPUTS = Number(process.env.GIROK_BENCH_INPUTS ?? 1_000_000);
const CONVERSATIONS = 2000;
const GROWTH_MB = 32;
const INPUT_MS = 100;
const GAP_MS = 1500;

/** A million changed conversations, descriptions, packets and parameter sets; and a good camera beside hostile ones. */
export async function run(): Promise<Figure[]> {
  const seed = Number(process.env.GIROK_BENCH_SEED ?? 20_261_122);
  process.stderr.write(`seed ${seed}, ${INPUTS} inputs\n`);
  const { inputs, failures, slowestMs, growthBytes } = await fuzz({ inputs: INPUTS, seed });
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  const beside = await runBesideHostileCameras({ conversations: CONVERSATIONS, seed });
  const { account, largestGapMs, hostileEnds } = beside;
  const wrong = account.missingFrames + account.duplicates + account.disorders + account.invented;
  return [
    { figure: 'changed inputs', value: inputs, unit: '', target: `= ${INPUTS}`, holds: inputs === INPUTS },
    none('crashes, hangs, broken promises', failures.length),
    ...Object.entries(slowestMs).map(([family, ms]) => atMost(`slowest of ${family}`, ms, 'ms', INPUT_MS)),
    atMost('memory more than at the beginning', growthBytes / 1e6, 'MB', GROWTH_MB),
    {
      figure: 'hostile conversations beside a good camera',
      value: hostileEnds,
      unit: '',
      target: `= ${CONVERSATIONS}`,
      holds: hostileEnds === CONVERSATIONS,
    },
    none(`frames of ${account.served} missing, doubled or out of order`, wrong),
    atMost('its largest gap between fragments', largestGapMs, 'ms', GAP_MS),
  ];
}

const none = (figure: string, value: number): Figure => ({
  figure,
  value,
  unit: '',
  target: '= 0',
  holds: value === 0,
});

const atMost = (figure: string, value: number, unit: string, limit: number): Figure => ({
  figure,
  value: Math.round(value * 10) / 10,
  unit,
  target: `<= ${limit} ${unit}`,
  holds: value <= limit,
});
