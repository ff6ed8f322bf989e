import { timeZone } from '../../../app/site.ts';
import { Button } from '../../../ui/button.tsx';
import { Fault, Field } from '../../../ui/field.tsx';
import type { Calendar } from '../shapes.ts';
import { words } from '../words.ts';
import { dayOf } from '../zone.ts';
import { DayChoice } from './day-choice.tsx';
import { type Draft, rangeOf } from './draft.ts';
import styles from './purpose.module.css';
import { QUICK, quickRange } from './quick-range.ts';

interface RangeChoiceProps {
  readonly draft: Draft;
  readonly calendar: Calendar | undefined;
  readonly nowMs: number;
  readonly fault: string | undefined;
  readonly onChange: (change: Partial<Draft>) => void;
}

/** Which stretch of time: in one click, or by day and time. */
export function RangeChoice({ draft, calendar, nowMs, fault, onChange }: RangeChoiceProps) {
  const said = words().range;
  const zone = timeZone();
  const range = rangeOf(draft, zone);
  const isOvernight = range !== undefined && draft.to <= draft.from;
  return (
    <div class={styles.column}>
      <div class={styles.quick}>
        {QUICK.map((quick) => (
          <Button key={quick} small onPress={() => onChange(quickRange(quick, zone, nowMs))}>
            {said.quick[quick]}
          </Button>
        ))}
      </div>
      <DayChoice
        calendar={calendar}
        cameras={draft.cameras}
        chosen={draft.day}
        today={dayOf(zone, nowMs)}
        nowMs={nowMs}
        onChosen={(day) => onChange({ day })}
      />
      <div class={styles.times}>
        <Field
          label={said.from}
          type="time"
          step={1}
          value={draft.from}
          onValue={(from) => onChange({ from })}
        />
        <Field label={said.to} type="time" step={1} value={draft.to} onValue={(to) => onChange({ to })} />
      </div>
      {isOvernight && <p class={styles.hint}>{said.overnight}</p>}
      {fault !== undefined && <Fault sentence={fault} />}
    </div>
  );
}
