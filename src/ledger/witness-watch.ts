import { type Clock, DAY_US } from '../lib/clock.ts';
import { createWatch, SILENT_US, UNCERTIFIED_US } from '../stewardship/dead-man.ts';
import type { VerifierKey } from './note.ts';
import type { KeptHeartbeat, Witness } from './witness.ts';

/** Something that the witness's own person has to hear, and act on at the site. */
export interface WitnessNotice {
  readonly log: string;
  /** `silent`: no checkpoint for 15 minutes. `uncertified`: no certificate of erasing for 26 hours. */
  readonly kind: 'silent' | 'uncertified';
  /** `again`: a day later it still is so. */
  readonly state: 'begun' | 'again' | 'over';
  readonly last?: KeptHeartbeat | undefined;
}

export interface WitnessWatchDeps {
  readonly witness: Pick<Witness, 'heardMonoUs' | 'lastHeartbeat'>;
  readonly logs: readonly VerifierKey[];
  readonly clock: Clock;
}

/** The dead-man's switch: whoever ends the steward, or the purge, cannot end the machine that waits for them. */
export function createWitnessWatch({ witness, logs, clock }: WitnessWatchDeps) {
  const beganMonoUs = clock.monoUs();
  const certified = new Map(logs.map(({ name }) => [name, createWatch(clock)]));
  /** When it was last told, by log and kind. */
  const told = new Map<string, number>();

  const stateOf = (name: string, isSo: boolean): WitnessNotice['state'] | undefined => {
    const lastUs = told.get(name);
    if (!isSo) return told.delete(name) ? 'over' : undefined;
    if (lastUs !== undefined && clock.monoUs() - lastUs < DAY_US) return undefined;
    told.set(name, clock.monoUs());
    return lastUs === undefined ? 'begun' : 'again';
  };

  return {
    /** What there is to tell now, each thing once, and again each day. @throws the system's error of the memory */
    async look(): Promise<WitnessNotice[]> {
      const notices: WitnessNotice[] = [];
      for (const { name } of logs) {
        const last = await witness.lastHeartbeat(name);
        const watch = certified.get(name);
        if (last) watch?.well(last.certifiedUs);
        const kinds = [
          ['silent', clock.monoUs() - (witness.heardMonoUs(name) ?? beganMonoUs) > SILENT_US],
          ['uncertified', watch?.isOver(UNCERTIFIED_US) === true],
        ] as const;
        for (const [kind, isSo] of kinds) {
          const state = stateOf(`${kind} ${name}`, isSo);
          if (state) notices.push({ log: name, kind, state, last });
        }
      }
      return notices;
    },
  };
}
