import type { Certificate, ErasedDay, PlanDocument, Waiting } from '../contract/purge-outcome.ts';
import { isoFromUs } from '../lib/clock.ts';
import type { KeysErased } from '../vault/erase-keys.ts';
import type { PlaceState } from '../vault/secret-places.ts';
import type { LapsedHold } from './holds.ts';
import { mediumOf } from './medium.ts';
import type { Plan, PlannedDeferral, PlannedErasure } from './plan.ts';
import type { DueRecords } from './records.ts';

/** Plans and key steps as certificates and clients read them: instants as ISO text. */

export const erasedDayOf = ({ dueUs, ...day }: PlannedErasure): ErasedDay => ({
  ...day,
  dueAt: isoFromUs(dueUs),
  hours: [...day.hours],
});

export const deferredOf = ({ hold, camera, day, hours, untilUs }: PlannedDeferral) => ({
  hold,
  camera,
  day,
  hours: [...hours],
  until: isoFromUs(untilUs),
});

export const lateOf = ({ dueUs, ...late }: Plan['late'][number]) => ({ ...late, dueAt: isoFromUs(dueUs) });

export const recordsOf = (records: readonly DueRecords[]) =>
  records.map(({ dueUs, ...each }) => ({ ...each, dueAt: isoFromUs(dueUs) }));

export const planDocument = (
  plan: Plan,
  lockers: readonly LapsedHold[],
  records: readonly DueRecords[],
  more: { waiting?: Waiting | undefined; unfinished?: string | undefined },
): PlanDocument => ({
  at: isoFromUs(plan.atUs),
  retentionDays: plan.retentionDays,
  erase: plan.erase.map(erasedDayOf),
  deferred: plan.deferred.map(deferredOf),
  late: plan.late.map(lateOf),
  lockers: [...lockers],
  records: recordsOf(records),
  ...(more.waiting && { waiting: more.waiting }),
  ...(more.unfinished !== undefined && { unfinished: more.unfinished }),
});

export const placeOf = ({ path, state, code }: PlaceState) => {
  const { fileSystem, overwriting } = mediumOf(path);
  return {
    path,
    state,
    ...(code !== undefined && { code }),
    ...(fileSystem !== undefined && { fileSystem }),
    overwriting,
  };
};

export const keyStepOf = (step: KeysErased): NonNullable<Certificate['keys']> => ({
  fromEpoch: step.fromEpoch,
  toEpoch: step.toEpoch,
  erased: step.erased.length,
  survivors: step.survivors,
  damaged: [...step.damaged],
  places: step.places.map(placeOf),
  mirror: step.mirror,
  proof: { ...step.proof, epochs: [...step.proof.epochs] },
});
