import { siteTimeText } from '../../../app/site-time.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Table } from '../../../ui/table.tsx';
import { words } from '../words.ts';
import type { Held } from './holds.ts';
import type { Lanes } from './lanes.ts';
import { gapText, heldText } from './timeline.tsx';
import type { View } from './view.ts';

interface LaneTableProps {
  readonly lanes: Lanes | undefined;
  readonly held: readonly Held[];
  readonly view: View;
  readonly nameOf: (camera: string) => string;
  readonly onChosen: (atUs: number) => void;
}

const MOST = 200;

/** The timeline in words: what is recorded and what is not, of what is to be seen of it. */
export function LaneTable({ lanes, held, view, nameOf, onChosen }: LaneTableProps) {
  const said = words().timeline;
  const rows = (lanes?.lanes ?? [])
    .flatMap(({ camera, recorded, gaps }) => [
      ...recorded.map((span) => ({ is: 'recorded', camera, ...span, text: said.recorded })),
      ...gaps.map(({ fromUs, toUs, cause }) => {
        const text = gapText({ fromUs, toUs, cause });
        return { is: 'gap', camera, fromUs, toUs, text };
      }),
      ...held
        .filter((one) => one.camera === camera)
        .map((one) => ({ is: `held ${one.toUs} ${one.endUs}`, ...one, text: heldText(one) })),
    ])
    .filter(({ fromUs, toUs }) => toUs > view.fromUs && fromUs < view.toUs)
    .sort((a, b) => a.fromUs - b.fromUs)
    .slice(0, MOST);
  return (
    <Table
      caption={said.table}
      rows={rows}
      keyOf={({ is, camera, fromUs }) => `${is} ${camera} ${fromUs}`}
      columns={[
        { title: said.camera, cell: ({ camera }) => nameOf(camera) },
        { title: said.from, cell: ({ fromUs }) => siteTimeText(fromUs / 1000, { seconds: true }) },
        { title: said.to, cell: ({ toUs }) => siteTimeText(toUs / 1000, { seconds: true }) },
        {
          title: said.what,
          cell: ({ is, text }) =>
            is.startsWith('held') ? (
              <>
                <Icon name="hold" size={16} /> {text}
              </>
            ) : (
              text
            ),
        },
        {
          title: '',
          cell: ({ fromUs, camera }) => (
            <Button
              small
              spoken={said.goSpoken({
                name: nameOf(camera),
                time: siteTimeText(fromUs / 1000, { seconds: true }),
              })}
              onPress={() => onChosen(fromUs)}
            >
              {said.go}
            </Button>
          ),
        },
      ]}
    />
  );
}
