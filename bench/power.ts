import { cutPower } from '../test/support/power-cuts/cut-power.ts';
import type { Figure } from './figure.ts';

const CUTS = 200;

/** The power of a disk cut again and again under a recorder, a steward and one purge after the other. */
export async function run(): Promise<Figure[]> {
  const done = await cutPower(CUTS, Math.random);
  if ('refused' in done) throw new Error(done.refused);
  const figure = (name: string, value: number, target: number): Figure => ({
    figure: name,
    value,
    unit: 'count',
    target: `>= ${target}`,
    holds: value >= target,
  });
  return [
    figure('power cuts that broke nothing', done.cuts, CUTS),
    figure('sealed segments looked at after a cut, all whole', done.segments, 50),
    figure('purges meanwhile', done.purges, 20),
    figure('camera-days intact after a cut', done.intact, 1),
    figure('camera-days erased after a cut', done.erased, 1),
  ];
}
