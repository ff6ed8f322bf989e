import { askSession, whoIsIn } from '../../app/session.ts';
import { words as frameWords } from '../../app/words.ts';
import { ChangePassword } from '../../credentials/change-password.tsx';
import { words as credentialWords } from '../../credentials/words.ts';
import { Card, Cards } from '../../ui/card.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { told } from '../../ui/toast.tsx';
import { Factors } from './factors.tsx';
import { Screen } from './screen.tsx';
import { Sessions } from './sessions.tsx';
import { words } from './words.ts';

/** A person's own: where they are signed in, and what they show to sign in. */
export default function Account() {
  const me = whoIsIn();
  if (!me) return null;
  const { pages, roles } = frameWords();
  const said = words();
  const changed = async () => {
    await askSession();
    told(credentialWords().password.changed);
  };
  return (
    <>
      <PageHead title={pages.account}>{said.who({ name: me.name, role: roles[me.role] })}</PageHead>
      <Cards>
        <Sessions me={me} />
        <Factors />
        <Card title={said.password.title}>
          <ChangePassword me={me} onChanged={changed} />
        </Card>
        <Screen />
      </Cards>
    </>
  );
}
