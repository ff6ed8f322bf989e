import { expect, it } from 'vitest';
import { SECOND_US } from '../../../src/lib/clock.ts';
import { createPersonalOpening } from '../../../src/vault/personal-keys.ts';
import { createMarks } from '../../../src/viewing/marks.ts';
import { openDesk, refusalBy, SEAT } from '../../support/viewing/viewing-desk.ts';

function marking() {
  const desk = openDesk();
  const guard = desk.person('guard', 'security');
  const asking = desk.asking({ cameras: ['cam01', 'cam02'] });
  const { viewing } = desk.grants.open(guard, asking, SEAT);
  const marks = createMarks({
    ...desk,
    opening(work) {
      const opening = createPersonalOpening(desk.keyring, desk.siteTime);
      try {
        return work(opening);
      } finally {
        opening.close();
      }
    },
  });
  const { fromUs } = asking.range!;
  const by = (camera: string) => ({ principal: () => guard, viewing, camera });
  return { desk, guard, viewing, marks, fromUs, by };
}

it('keeps a moment with its note, for whoever marked it alone, also once the viewing is over', () => {
  const { desk, guard, viewing, marks, fromUs, by } = marking();
  marks.add(by('cam01'), { camera: 'cam01', atUs: fromUs + SECOND_US, note: '빨간 가방을 든 사람' });
  marks.add(by('cam02'), { camera: 'cam02', atUs: fromUs });
  const kept = [
    { camera: 'cam01', atUs: fromUs + SECOND_US, note: '빨간 가방을 든 사람' },
    { camera: 'cam02', atUs: fromUs },
  ];
  expect(marks.list('guard', viewing)).toEqual(kept);
  desk.gate.close(guard, viewing, 'no_finding');
  expect(marks.list('guard', viewing)).toEqual(kept);
  expect(refusalBy(() => marks.list('officer', viewing)).code).toBe('viewing_unknown');
  // The words are beside the ledger, and not in it.
  const entries = desk.entries('viewing.marked');
  expect(entries).toHaveLength(2);
  expect(JSON.stringify(entries)).not.toContain('가방');
});

it('marks nothing that one may not look at, and nothing that the ledger does not take', () => {
  const { desk, guard, viewing, marks, fromUs, by } = marking();
  const mark = (camera: string, atUs: number) => refusalBy(() => marks.add(by(camera), { camera, atUs }));
  expect(mark('cam01', fromUs - SECOND_US)).toMatchObject({ code: 'viewing_refused' });
  expect(mark('cam03', fromUs)).toMatchObject({ code: 'viewing_refused', facts: { why: 'no_right' } });
  desk.refuse(new Error('disk'));
  expect(mark('cam01', fromUs).code).toBe('viewing_unrecorded');
  desk.refuse(undefined);
  desk.gate.close(guard, viewing, 'no_finding');
  expect(mark('cam01', fromUs).code).toBe('viewing_over');
  expect(desk.entries('viewing.marked')).toEqual([]);
});

it('takes two hundred of a viewing, and no more', () => {
  const { marks, fromUs, by } = marking();
  for (let count = 0; count < 200; count++) marks.add(by('cam01'), { camera: 'cam01', atUs: fromUs + count });
  expect(refusalBy(() => marks.add(by('cam01'), { camera: 'cam01', atUs: fromUs }))).toMatchObject({
    code: 'viewing_input',
    facts: { field: 'marks' },
  });
});
