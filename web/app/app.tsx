import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { ApiError } from '../api/api-error.ts';
import { connection } from '../api/connection.ts';
import { errorOf } from '../api/resource.ts';
import { ProofDialog } from '../ui/proof-dialog.tsx';
import { ErrorState } from '../ui/states.tsx';
import { Toasts } from '../ui/toast.tsx';
import { Attended } from './attended.tsx';
import { after } from './clock.ts';
import { Frame } from './frame.tsx';
import { lazily } from './lazily.tsx';
import { Outlet } from './outlet.tsx';
import { askSession, session } from './session.ts';
import { comesFirst } from './setting-up.ts';
import { askSite, site } from './site.ts';

const SignIn = lazily(() => import('../pages/sign-in/sign-in.tsx'));
const SetUp = lazily(() => import('../pages/set-up/set-up.tsx'));

const AGAIN_MS = 3000;

/** What comes first: whether there is a server, whose site it is, who sits here, what is still asked of them. */
export function App() {
  const failed = useBeginning();
  const { state } = session.value;
  const isBegun = Boolean(failed) || isKnown();
  useLayoutEffect(() => {
    // What index.html shows before any of this has run.
    if (isBegun) document.getElementById('beginning')?.remove();
  }, [isBegun]);
  if (failed && state !== 'somebody' && state !== 'ended')
    return <ErrorState error={failed} onRetry={() => location.reload()} />;
  return (
    <>
      <Screens />
      <Toasts />
      <ProofDialog />
      <Attended />
    </>
  );
}

/** Whose site it is, and who sits here. */
const isKnown = (): boolean => site.value !== undefined && session.value.state !== 'unknown';

function Screens() {
  const now = session.value;
  const [signingIn, setSigningIn] = useState(false);
  if (!site.value || now.state === 'unknown') return null;
  if (now.state === 'nobody') {
    // Nobody who could manage people: others may still be there.
    const isFirst = site.value.missing === 'administrator' && !signingIn;
    return isFirst ? <SetUp onSignIn={() => setSigningIn(true)} /> : <SignIn />;
  }
  const isEnded = now.state === 'ended';
  return (
    <>
      {/* Kept, so that nothing that was being written is lost; not to be seen or reached until its person is back. */}
      <div hidden={isEnded} inert={isEnded}>
        {comesFirst(now.me, site.value) ? (
          <SetUp me={now.me} />
        ) : (
          <Frame me={now.me}>
            <Outlet me={now.me} />
          </Frame>
        )}
      </div>
      {isEnded && <SignIn />}
    </>
  );
}

/** Asks what the pages begin with, and again as long as the server cannot be reached. */
function useBeginning(): ApiError | undefined {
  const [failed, setFailed] = useState<ApiError>();
  const { reachable } = connection.value;
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isGone = false;
    const begin = async () => {
      try {
        const isUnknown = session.peek().state === 'unknown';
        await Promise.all([askSite(), isUnknown && askSession()]);
        setFailed(undefined);
      } catch (error) {
        if (!isGone) setFailed(errorOf(error));
      }
    };
    void begin();
    return () => {
      isGone = true;
    };
  }, [round]);
  useEffect(() => {
    if (reachable && !failed) return;
    return after(AGAIN_MS, () => setRound((before) => before + 1));
  }, [reachable, failed, round]);
  return failed;
}
