import type { LocalDay, SiteTime } from '../lib/site-time.ts';

/** A calendar month of the site, `YYYY-MM`. Sorts as text. */
export type Month = string & { readonly __brand: 'Month' };

/** A clock that leaps decades ahead must not open a task for each month of them. */
const MOST_MONTHS = 24;

export const monthOf = (day: LocalDay): Month => day.slice(0, 7) as Month;

export const firstDayOf = (month: Month): LocalDay => `${month}-01` as LocalDay;

export const monthAfter = (month: Month): Month => shifted(month, 1);

/** A task that a wrong clock opened early is confirmed when its month is over. */
export const isMonthOver = (month: Month, nowUs: number, siteTime: SiteTime): boolean =>
  nowUs >= siteTime.startOf(firstDayOf(monthAfter(month)));

/**
 * The months that are over and have begun since `sinceUs`, oldest first: of a long absence the last two years.
 * Pure.
 *
 * @param sinceUs µs UTC; its month counts
 */
export function monthsOver(nowUs: number, sinceUs: number, siteTime: SiteTime): Month[] {
  const current = monthOf(siteTime.dayOf(nowUs));
  const earliest = shifted(current, -MOST_MONTHS);
  const first = monthOf(siteTime.dayOf(sinceUs));
  const months: Month[] = [];
  for (let month = earliest; month < current; month = monthAfter(month))
    if (month >= first) months.push(month);
  return months;
}

function shifted(month: Month, by: number): Month {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const months = year * 12 + number - 1 + by;
  const text = (value: number, width: number) => String(value).padStart(width, '0');
  return `${text(Math.floor(months / 12), 4)}-${text((months % 12) + 1, 2)}` as Month;
}
