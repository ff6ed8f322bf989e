import { expect, it } from 'vitest';
import { createToldAlarms } from '../../../../src/main/recorder/told-alarms.ts';
import type { SpooledEvent } from '../../../../src/stewardship/spool.ts';
import { createManualClock } from '../../../support/manual-clock.ts';
import { notedLog } from '../../../support/noted-log.ts';

it('tells of alarms that came before the start behind it, in their order, and of later ones at once', () => {
  const { log, events } = notedLog();
  const { alarms, tellTo } = createToldAlarms({ clock: createManualClock(), log });
  const spooled: SpooledEvent[] = [];
  alarms.raise('disk_full', '');
  alarms.raise('spool_blocked', '');
  alarms.clear('disk_full', '');
  expect(events()).toEqual(['alarm.raised', 'alarm.raised', 'alarm.cleared']);
  spooled.push({ event: 'recorder.started', facts: {} });
  tellTo({ append: (event) => void spooled.push(event) });
  alarms.clear('spool_blocked', '');
  expect(spooled.map(({ event, facts }) => [event, facts.alarm])).toEqual([
    ['recorder.started', undefined],
    ['alarm.raised', 'disk_full'],
    ['alarm.raised', 'spool_blocked'],
    ['alarm.cleared', 'disk_full'],
    ['alarm.cleared', 'spool_blocked'],
  ]);
});
