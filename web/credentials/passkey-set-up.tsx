import { startRegistration } from '@simplewebauthn/browser';
import { useState } from 'preact/hooks';
import { passkeyBegunSchema, recoveryCodesSchema } from '../../src/contract/auth.ts';
import { post } from '../api/client.ts';
import { withProof } from '../api/proof.ts';
import { useWorking } from '../app/working.ts';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { words } from './words.ts';

/** A passkey of this device or of a security key. */
export function PasskeySetUp({ onAdded }: { readonly onAdded: (codes: readonly string[]) => void }) {
  const said = words().passkey;
  const [failed, setFailed] = useState(false);
  const working = useWorking();
  const make = () =>
    working.run(async () => {
      setFailed(false);
      const { ceremony, options } = await withProof('account', () =>
        post('/api/me/passkeys', {}, passkeyBegunSchema),
      );
      const response = await madePasskey(options);
      if (response === undefined) return setFailed(true);
      const { recoveryCodes } = await post(
        '/api/me/passkeys/finish',
        { ceremony, response },
        recoveryCodesSchema,
      );
      onAdded(recoveryCodes);
    });
  return (
    <Form onSubmit={make}>
      <p>{said.about}</p>
      {working.fault && <Fault sentence={working.fault.sentence} />}
      {failed && <Fault sentence={said.failed} />}
      <div>
        <Button kind="primary" type="submit" icon="key" busy={working.busy}>
          {said.make}
        </Button>
      </div>
    </Form>
  );
}

/** @returns undefined where none was made: declined, timed out, or there is one of this device already */
async function madePasskey(options: Readonly<Record<string, unknown>>): Promise<object | undefined> {
  try {
    // The server's library made them for this one, which looks at them itself.
    const optionsJSON = options as unknown as Parameters<typeof startRegistration>[0]['optionsJSON'];
    return await startRegistration({ optionsJSON });
  } catch (error) {
    console.warn(error);
    return undefined;
  }
}
