import { isoFromUs, MINUTE_US, SECOND_US } from '../../lib/clock.ts';
import type { Report, Rule } from './finding.ts';
import type { Heard, Outages } from './outages.ts';

const AWAY_US = 15 * MINUTE_US;
/** Without a last word a recorder may have been heard of as long before it ended. */
const AWAY_UNHEARD_US = 90 * MINUTE_US;
const STEPPED_BACK_US = 60 * SECOND_US;

/**
 * Processes that ended without saying so, and those that were away. `heard` must not have seen the entry yet.
 * What they missed is handed to the outages, which explain what came late.
 */
export function createProcessRule(deps: { report: Report; outages: Outages; heard: Heard }): Rule {
  const { report, outages, heard } = deps;
  const stopped = new Map<string, number>();
  const started = new Set<string>();

  const began = (process: string, entry: number, atUs: number, withHost: boolean) => {
    const stoppedUs = stopped.get(process);
    const lastUs = stoppedUs ?? heard.lastUs(process);
    stopped.delete(process);
    const isFirst = !started.has(process);
    started.add(process);
    if (lastUs === undefined || (isFirst && stoppedUs === undefined)) return;
    outages.add(lastUs, atUs);
    const facts = { process, since: isoFromUs(lastUs), until: isoFromUs(atUs) };
    if (stoppedUs === undefined)
      report({ code: 'process_crashed', severity: withHost ? 'note' : 'warning', entry, facts });
    if (atUs - lastUs > (stoppedUs === undefined ? AWAY_UNHEARD_US : AWAY_US))
      report({
        code: 'process_away',
        severity: 'warning',
        entry,
        facts: { ...facts, minutes: Math.round((atUs - lastUs) / MINUTE_US) },
      });
  };

  return {
    events: [
      'ledger.begun',
      'recorder.started',
      'recorder.stopped',
      'steward.started',
      'steward.stopped',
      'clock.stepped',
    ],
    see(entry) {
      const { seq, atUs } = entry;
      switch (entry.event) {
        case 'ledger.begun':
          return outages.add(-Infinity, atUs);
        case 'recorder.started':
          // Its own word is the better one: it has looked at what its predecessor left.
          if (entry.facts.after === 'first_start') return void started.add('recorder');
          return began('recorder', seq, atUs, entry.facts.after === 'host_restart');
        case 'steward.started':
          return began('steward', seq, atUs, false);
        case 'recorder.stopped':
          return void stopped.set('recorder', atUs);
        case 'steward.stopped':
          return void stopped.set('steward', atUs);
        case 'clock.stepped': {
          if (entry.facts.byMs * 1000 > -STEPPED_BACK_US) return;
          const { from, to } = entry.facts;
          return report({ code: 'clock_back', severity: 'warning', entry: seq, facts: { from, to } });
        }
      }
    },
    end: ({ committedUs }) => {
      for (const atUs of stopped.values()) outages.add(atUs, committedUs);
    },
  };
}
