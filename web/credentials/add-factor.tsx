import { useState } from 'preact/hooks';
import { site } from '../app/site.ts';
import { RadioGroup } from '../ui/choice.tsx';
import { PasskeySetUp } from './passkey-set-up.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { TotpSetUp } from './totp-set-up.tsx';
import { words } from './words.ts';

interface AddFactorProps {
  readonly label: string;
  readonly passkeysOff: string;
  /** It stands, and its recovery codes are written down. */
  readonly onDone: () => void;
}

/** One of the ways, then the recovery codes where there were none before. */
export function AddFactor({ label, passkeysOff, onDone }: AddFactorProps) {
  const said = words();
  const [way, setWay] = useState<'totp' | 'passkey'>('totp');
  const [codes, setCodes] = useState<readonly string[]>();
  const passkeys = site.value?.passkeys === true && 'PublicKeyCredential' in window;
  if (codes) return <RecoveryCodes codes={codes} onKept={onDone} />;
  const added = (made: readonly string[]) => (made.length > 0 ? setCodes(made) : onDone());
  return (
    <>
      <RadioGroup
        label={label}
        value={way}
        onValue={setWay}
        options={[
          { value: 'totp', label: said.totp.name },
          {
            value: 'passkey',
            label: said.passkey.name,
            blocked: !passkeys,
            ...(!passkeys && { hint: passkeysOff }),
          },
        ]}
      />
      {way === 'totp' ? <TotpSetUp onAdded={added} /> : <PasskeySetUp onAdded={added} />}
    </>
  );
}
