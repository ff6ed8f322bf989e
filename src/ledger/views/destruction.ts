import type { Register } from './register.ts';
import { labelOf } from './source.ts';

/** 파기 기록: each run of the purge that erased something or could not. */
export const destructionLog: Register<'erase.done' | 'erase.incomplete'> = {
  events: ['erase.done', 'erase.incomplete'],
  words: ({ destruction }) => destruction,
  place({ event, facts }, index) {
    const cameras = [...new Set(facts.days.map(({ camera }) => camera))];
    index.add({ kind: event, outcome: facts.state, cameras });
  },
  cells(source, { number, entry: { facts } }) {
    const { run, startedAt, finishedAt, state, days, epoch, failures, deferred } = facts;
    const { failuresCount = failures.length, deferredCount = deferred.length } = facts;
    const sum = (of: 'files' | 'bytes') => days.reduce((total, day) => total + day[of], 0);
    const shot = days.flatMap(({ day, to = day }) => [day, to]).sort();
    return [
      number,
      run,
      labelOf(source, startedAt),
      labelOf(source, finishedAt),
      source.words.destruction.states[state],
      new Set(days.map(({ camera }) => camera)).size,
      shot[0] ?? '',
      shot.at(-1) ?? '',
      sum('files'),
      sum('bytes'),
      deferredCount,
      failuresCount,
      epoch,
    ];
  },
};
