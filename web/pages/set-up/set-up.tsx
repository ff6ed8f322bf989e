import { useEffect, useState } from 'preact/hooks';
import type { Me } from '../../../src/contract/auth.ts';
import { errorOf } from '../../api/resource.ts';
import { Front } from '../../app/front.tsx';
import { askSession, signOut } from '../../app/session.ts';
import { beginSettingUp, endSettingUp, settingUp } from '../../app/setting-up.ts';
import { askSite, site } from '../../app/site.ts';
import { AddFactor } from '../../credentials/add-factor.tsx';
import { ChangePassword } from '../../credentials/change-password.tsx';
import { Button } from '../../ui/button.tsx';
import { toldFault } from '../../ui/toast.tsx';
import { AdministratorStep } from './administrator-step.tsx';
import { DoneStep } from './done-step.tsx';
import { OfficerStep } from './officer-step.tsx';
import { RecordingCount, type Step, Steps } from './steps.tsx';
import { words } from './words.ts';

interface SetUpProps {
  /** Absent: nobody is signed in, since there is no administrator yet. */
  readonly me?: Me;
  readonly onSignIn?: () => void;
}

/** What comes before the pages: the first set-up of a site, and what is still asked of whoever signed in. */
export default function SetUp({ me, onSignIn }: SetUpProps) {
  const [officer, setOfficer] = useState<'asked' | 'made'>('asked');
  const isFirstRun = site.value?.missing !== undefined || settingUp.value === 'yes';
  useEffect(() => {
    // It leads to its end, also when the next answer says that nobody is missing any more.
    if (site.peek()?.missing !== undefined) beginSettingUp();
  }, []);
  const said = words();
  const step = stepOf(me, officer);
  return (
    <Front title={titleOf(step)} corner={isFirstRun && step !== 'password' && <RecordingCount />}>
      {isFirstRun && step !== 'password' && <Steps now={step} />}
      {step === 'administrator' && <AdministratorStep />}
      {onSignIn && (
        <Button kind="plain" onPress={onSignIn}>
          {said.signIn}
        </Button>
      )}
      {step === 'password' && me && (
        <>
          <p>{said.password.about}</p>
          <ChangePassword first me={me} onChanged={askSession} />
        </>
      )}
      {step === 'factor' && (
        <>
          <p>{said.factor.about}</p>
          <AddFactor
            label={said.factor.ways}
            passkeysOff={said.factor.passkeysOff}
            onDone={() => void askAgain()}
          />
        </>
      )}
      {step === 'officer' && <OfficerStep onMade={() => setOfficer('made')} onLater={endSettingUp} />}
      {step === 'done' && <DoneStep />}
      {(step === 'password' || step === 'factor') && (
        <Button kind="plain" icon="out" onPress={() => void signOut()}>
          {said.signOut}
        </Button>
      )}
    </Front>
  );
}

function stepOf(me: Me | undefined, officer: 'asked' | 'made'): Step | 'password' {
  if (!me) return 'administrator';
  if (me.asked) return me.asked;
  return officer === 'asked' && me.role === 'administrator' ? 'officer' : 'done';
}

const titleOf = (step: Step | 'password'): string => words()[step].title;

async function askAgain(): Promise<void> {
  try {
    await Promise.all([askSession(), askSite()]);
  } catch (error) {
    toldFault(errorOf(error).sentence);
  }
}
