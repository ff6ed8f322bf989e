import { whoIsIn } from '../../app/session.ts';
import { words as frameWords } from '../../app/words.ts';
import { PageHead } from '../../ui/page-head.tsx';
import { Sessions } from './sessions.tsx';
import { words } from './words.ts';

/** A person's own: where they are signed in, and what they show to sign in. */
export default function Account() {
  const me = whoIsIn();
  if (!me) return null;
  const { pages, roles } = frameWords();
  return (
    <>
      <PageHead title={pages.account}>{words().who({ name: me.name, role: roles[me.role] })}</PageHead>
      <Sessions me={me} />
    </>
  );
}
