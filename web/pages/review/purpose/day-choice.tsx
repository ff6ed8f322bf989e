import { useRef } from 'preact/hooks';
import { language } from '../../../app/language.ts';
import type { Calendar } from '../shapes.ts';
import { words } from '../words.ts';
import { dayAfter } from '../zone.ts';
import { type CalendarCell, weeksOf } from './month.ts';
import styles from './purpose.module.css';

interface DayChoiceProps {
  readonly calendar: Calendar | undefined;
  readonly cameras: readonly string[];
  readonly chosen: string;
  readonly today: string;
  readonly nowMs: number;
  readonly onChosen: (day: string) => void;
}

/** The last 31 days with how much of each is recorded; arrow keys go from day to day. */
export function DayChoice({ calendar, cameras, chosen, today, nowMs, onChosen }: DayChoiceProps) {
  const said = words().range;
  const table = useRef<HTMLTableElement>(null);
  const weeks = weeksOf(calendar ?? { days: [] }, cameras, today, nowMs);
  const move = (days: number) => {
    const day = dayAfter(chosen, days);
    if (day > today || day < dayAfter(today, -30)) return;
    onChosen(day);
    requestAnimationFrame(() => table.current?.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus());
  };
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -7,
    ArrowDown: 7,
  };
  return (
    <table
      class={styles.calendar}
      ref={table}
      onKeyDown={(event) => {
        const step = steps[event.key];
        if (step === undefined) return;
        event.preventDefault();
        move(step);
      }}
    >
      <caption>{said.calendar}</caption>
      <thead>
        <tr>
          {weekdays(language.value).map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week.find(Boolean)?.day}>
            {week.map((cell, at) => (
              <td key={at}>
                {cell && <Day cell={cell} isChosen={cell.day === chosen} onChosen={onChosen} />}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DayProps {
  readonly cell: CalendarCell;
  readonly isChosen: boolean;
  readonly onChosen: (day: string) => void;
}

function Day({ cell: { day, share }, isChosen, onChosen }: DayProps) {
  const said = words().range;
  const percent = share === undefined ? undefined : Math.floor(share * 100);
  return (
    <button
      type="button"
      class={styles.day}
      aria-pressed={isChosen}
      tabIndex={isChosen ? 0 : -1}
      title={said.daySpoken({ day, percent })}
      onClick={() => onChosen(day)}
    >
      <span>{Number(day.slice(8))}</span>
      <span class="only-spoken"> · {said.daySpoken({ day, percent })}</span>
      <span class={styles.share}>
        <span style={{ width: `${percent ?? 0}%` }} />
      </span>
    </button>
  );
}

/** A Sunday and the days after it. */
const SUNDAY = Date.UTC(2023, 0, 1);
const weekdays = (speaking: string): string[] =>
  Array.from({ length: 7 }, (_, day) =>
    new Intl.DateTimeFormat(speaking, { weekday: 'short', timeZone: 'UTC' }).format(
      SUNDAY + day * 86_400_000,
    ),
  );
