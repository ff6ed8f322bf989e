import { siteTimeText } from '../app/site-time.ts';

interface TimeProps {
  /** ISO 8601, UTC, as the API has it. */
  readonly at: string;
  /** `date`: the day alone. `clock`: the time of day alone. */
  readonly show?: 'all' | 'date' | 'clock';
  /** Where footage is concerned: always. */
  readonly seconds?: boolean;
}

/** An instant in the site's time, 24 hours: `2026-11-22 (일) 03:14:05`. */
export const Time = ({ at, show = 'all', seconds = false }: TimeProps) => (
  <time datetime={at}>{siteTimeText(Date.parse(at), { show, seconds })}</time>
);
