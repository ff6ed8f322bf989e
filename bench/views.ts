import { type Agreement, compareViews } from '../src/cameras/view/agreement.ts';
import { stateOf, type ViewState } from '../src/cameras/view/standing.ts';
import { COVERED, HARMLESS, SLIGHT, TOUCHED } from '../test/support/views/alterations.ts';
import { type Luma, roomViews, small } from '../test/support/views/room-views.ts';
import type { Figure } from './figure.ts';

const INSTANTS = 12;

/** How well a camera that was touched is told from one that was not: 13 simulated rooms by day and night. */
export async function run(): Promise<Figure[]> {
  const rooms = await roomViews(INSTANTS);
  const references = rooms.map((views) => [0, 3, 6, 9].map((at) => small(views[at]!)));
  const looks = (alter: (luma: Luma) => Luma): Agreement[] =>
    rooms.flatMap((views, room) => {
      const altered = views.map((luma) => small(alter(luma)));
      return references[room]!.flatMap((reference) => altered.map((today) => compareViews(reference, today)));
    });
  const share = (found: readonly Agreement[], ...states: readonly ViewState[]) =>
    (100 * found.filter((each) => states.includes(stateOf(each))).length) / found.length;
  const told = (name: string, found: readonly Agreement[]) => {
    const sorted = found.map(({ agreement }) => agreement).sort((a, b) => a - b);
    const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))]!.toFixed(2);
    const left = found.map((each) => each.left);
    process.stderr.write(
      `${name.padEnd(32)} least ${at(0)}  1 % ${at(0.01)}  median ${at(0.5)}  99 % ${at(0.99)}  most ${at(1)}` +
        `  left ${Math.min(...left).toFixed(2)}–${Math.max(...left).toFixed(2)}\n`,
    );
  };
  const figures: Figure[] = [];
  for (const [name, alter] of Object.entries(HARMLESS)) {
    const found = looks(alter);
    told(name, found);
    const value = share(found, 'changed', 'covered');
    figures.push({ figure: `false alarms: ${name}`, value, unit: '%', target: '<= 1 %', holds: value <= 1 });
  }
  for (const [name, alter] of Object.entries(TOUCHED)) {
    const found = looks(alter);
    told(name, found);
    const value = share(found, 'changed', 'covered');
    figures.push({ figure: `noticed: ${name}`, value, unit: '%', target: '>= 85 %', holds: value >= 85 });
  }
  for (const [name, alter] of Object.entries(COVERED)) {
    const found = looks(alter);
    told(name, found);
    const value = share(found, 'covered');
    figures.push({
      figure: `called covered: ${name}`,
      value,
      unit: '%',
      target: '= 100 %',
      holds: value === 100,
    });
  }
  for (const [name, alter] of Object.entries(SLIGHT)) {
    const found = looks(alter);
    told(name, found);
    const value = share(found, 'changed');
    figures.push({ figure: `noticed: ${name}`, value, unit: '%', target: 'said only', holds: true });
  }
  return figures;
}
