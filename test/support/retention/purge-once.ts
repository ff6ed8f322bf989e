import { systemClock } from '../../../src/lib/clock.ts';
import { purgeHome } from './purge-home.ts';

// One run of the purge at a given time, in a boot of its own, to be killed by whoever started it.
const [storage = '', nowUs = '', timeZone = 'Asia/Seoul', days = '30'] = process.argv.slice(2);
const clock = { ...systemClock, utcUs: () => Number(nowUs) };
const home = purgeHome(clock, { storage, timeZone, days: Number(days), bootId: `${process.pid}` });
process.stdout.write('ready\n');
const outcome = await home.purge(clock);
process.stdout.write(`${JSON.stringify(outcome)}\n`);
