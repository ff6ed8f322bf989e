import { systemClock } from '../../../src/lib/clock.ts';
import { purgeHome } from './purge-home.ts';

// One run of the purge at a given time, to be killed by whoever started it.
const [storage = '', nowUs = ''] = process.argv.slice(2);
const clock = { ...systemClock, utcUs: () => Number(nowUs) };
const home = purgeHome(clock, { storage });
process.stdout.write('ready\n');
const outcome = await home.purge(clock);
process.stdout.write(`${JSON.stringify(outcome)}\n`);
