import { z } from 'zod';
import type { CameraConfig } from '../../config/config.ts';
import { type AlarmView, alarmsSchema } from '../../contract/alarms.ts';
import { idText, wordsOfPerson } from '../../contract/inputs.ts';
import type { AlarmRow } from '../../db/site/alarm-rows.ts';
import type { Language } from '../../i18n/language.ts';
import { isoFromUs } from '../../lib/clock.ts';
import type { AlarmHandling } from '../../stewardship/alarm-handling.ts';
import { severityOf } from '../../stewardship/alarm-severity.ts';
import { command, type Route, route } from '../route.ts';
import { alarmSentence } from './alarm-sentence.ts';

export interface AlarmDeps {
  cameras(): readonly Pick<CameraConfig, 'id' | 'name'>[];
  standing(): readonly AlarmRow[];
  /** Those that are over as well, newest first. */
  newest(most: number): readonly AlarmRow[];
  /** @throws GirokError `alarm_unknown`, `alarm_over`, and of the ledger */
  handle(handling: AlarmHandling): void;
}

const MOST = 200;
const one = z.strictObject({ id: idText });
const note = z.strictObject({ note: wordsOfPerson(1, 300).optional() });

export function alarmRoutes(deps: AlarmDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/alarms',
      access: { function: 'alarms' },
      summary: 'Alarms that stand, or with `over=yes` the last 200 of all.',
      query: z.strictObject({ over: z.literal('yes').optional() }),
      answer: alarmsSchema,
      handle: ({ query, language }) => ({
        alarms: (query.over ? deps.newest(MOST) : deps.standing()).map((row) =>
          viewOf(row, deps.cameras(), language),
        ),
      }),
    }),
    command({
      method: 'POST',
      path: '/api/alarms/:id/take',
      access: { function: 'alarms' },
      summary: 'Takes an alarm on. The name is sealed into the ledger.',
      params: one,
      body: note,
      handle: ({ params, body, session }) => deps.handle(handlingOf('take', params.id, session, body.note)),
    }),
    command({
      method: 'POST',
      path: '/api/alarms/:id/acknowledge',
      access: { function: 'alarms' },
      summary: 'Takes note of an alarm: it is not told again each day.',
      params: one,
      body: note,
      handle: ({ params, body, session }) =>
        deps.handle(handlingOf('acknowledge', params.id, session, body.note)),
    }),
  ];
}

const handlingOf = (
  does: AlarmHandling['does'],
  id: string,
  { account, name }: { readonly account: string; readonly name: string },
  note: string | undefined,
): AlarmHandling => ({
  id,
  does,
  actor: `person:${account}`,
  personal: { by: name, ...(note !== undefined && { note }) },
});

function viewOf(row: AlarmRow, cameras: ReturnType<AlarmDeps['cameras']>, language: Language): AlarmView {
  return {
    id: row.id,
    process: row.process,
    alarm: row.alarm,
    subject: row.subject,
    severity: severityOf(row.alarm),
    since: isoFromUs(row.sinceUs),
    ...(row.endedUs !== null && { ended: isoFromUs(row.endedUs) }),
    count: row.count,
    sentence: alarmSentence(row, cameras, language),
    taken: row.takenSeq !== null,
    acknowledged: row.acknowledgedSeq !== null,
  };
}
