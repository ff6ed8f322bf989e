import type { Role } from '../../../src/contract/roles.ts';
import { WithCameraNames } from '../../app/camera-names.tsx';
import { go } from '../../app/router.tsx';
import type { PageProps } from '../../app/routes.ts';
import { whoIsIn } from '../../app/session.ts';
import { words as frameWords } from '../../app/words.ts';
import { PageHead } from '../../ui/page-head.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Confirmation } from './confirmation.tsx';
import { Erasing } from './erasing.tsx';
import { Holds } from './holds.tsx';
import { Items } from './items.tsx';
import { words } from './words.ts';

const PARTS = ['erasing', 'holds', 'confirmation', 'items'] as const;
type Part = (typeof PARTS)[number];

/** What is worth showing to whom; what they may do there the server says. */
const OF_ROLE: Partial<Readonly<Record<Role, readonly Part[]>>> = {
  security: ['holds'],
  officer: PARTS,
  auditor: PARTS,
  administrator: ['erasing', 'holds'],
};

/** What is erased when, what is kept beyond it and why, and what a person vouches for. */
export default function Retention({ query }: PageProps) {
  const me = whoIsIn();
  if (!me) return null;
  const said = words();
  const parts = OF_ROLE[me.role] ?? [];
  const asked = parts.find((part) => part === query.get('part'));
  const chosen = asked ?? parts[0];
  return (
    <>
      <PageHead title={frameWords().pages.retention}>{said.about}</PageHead>
      {chosen && (
        <Tabs
          label={said.parts}
          tabs={parts.map((id) => ({ id, title: said.part[id] }))}
          chosen={chosen}
          onChosen={(part) => go(`/retention?part=${part}`, { replace: true })}
        >
          <WithCameraNames>
            {chosen === 'erasing' && <Erasing />}
            {chosen === 'holds' && <Holds me={me} shown={query.get('hold') ?? undefined} />}
            {chosen === 'confirmation' && <Confirmation me={me} />}
            {chosen === 'items' && <Items me={me} />}
          </WithCameraNames>
        </Tabs>
      )}
    </>
  );
}
