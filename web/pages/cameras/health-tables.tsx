import type { CameraHistory } from '../../../src/contract/cameras.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { Table } from '../../ui/table.tsx';
import { type Sum, summedUp } from './summed-up.ts';
import { words } from './words.ts';

const MOST_ROWS = 48;
const when = (seconds: number) => siteTimeText(seconds * 1000, { seconds: true });
const spread = ({ least, mean, most }: Sum, by = 1) =>
  `${(mean / by).toFixed(2)} (${(least / by).toFixed(2)}–${(most / by).toFixed(2)})`;

/** What the plots show, for whoever reads or hears it: the gaps with their causes, and the values summed up. */
export function HealthTables({
  of,
  from,
  to,
}: {
  readonly of: CameraHistory['streams'][number];
  readonly from: number;
  readonly to: number;
}) {
  const said = words().health;
  const { gaps } = words();
  return (
    <>
      {of.gaps.length === 0 ? (
        <p>{said.noGaps}</p>
      ) : (
        <Table
          caption={said.gaps}
          captioned
          rows={of.gaps.slice(-100).reverse()}
          keyOf={(gap) => gap.from}
          columns={[
            { title: said.from, cell: (gap) => when(gap.from) },
            { title: said.to, cell: (gap) => (gap.to === undefined ? said.still : when(gap.to)) },
            { title: said.cause, cell: ({ cause }) => gaps[cause as keyof typeof gaps] ?? cause },
          ]}
        />
      )}
      {of.gapsLeftOut + Math.max(0, of.gaps.length - 100) > 0 && (
        <p>{said.gapsLeftOut({ count: of.gapsLeftOut + Math.max(0, of.gaps.length - 100) })}</p>
      )}
      <details>
        <summary>{said.asTable}</summary>
        <Table
          caption={`${said.title} · ${said.mean} (${said.least}–${said.most})`}
          captioned
          rows={summedUp(of, { from, to, most: MOST_ROWS })}
          keyOf={(row) => row.from}
          columns={[
            { title: said.from, cell: (row) => when(row.from) },
            { title: said.fps, number: true, cell: (row) => spread(row.fps) },
            { title: said.rate, number: true, cell: (row) => spread(row.rate, 1e6) },
            { title: said.missing, number: true, cell: (row) => row.missing },
            { title: said.damaged, number: true, cell: (row) => row.damaged },
            { title: said.clock, number: true, cell: (row) => row.clock?.toFixed(2) ?? '' },
          ]}
        />
      </details>
    </>
  );
}
