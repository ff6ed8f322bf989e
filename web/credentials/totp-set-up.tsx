import { useState } from 'preact/hooks';
import { recoveryCodesSchema, totpSchema } from '../../src/contract/auth.ts';
import { post } from '../api/client.ts';
import { withProof } from '../api/proof.ts';
import { useResource } from '../api/resource.ts';
import { useWorking } from '../app/working.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { Loaded, Skeleton } from '../ui/states.tsx';
import styles from './credentials.module.css';
import { QrPicture } from './qr-picture.tsx';
import { words } from './words.ts';

/** An authenticator app: scan, type its first number. `onAdded`: with the recovery codes where there were none. */
export function TotpSetUp({ onAdded }: { readonly onAdded: (codes: readonly string[]) => void }) {
  const said = words().totp;
  const [code, setCode] = useState('');
  const working = useWorking();
  // Each asking makes another secret; this one counts until its number is typed.
  const begun = useResource((signal) =>
    withProof('account', () => post('/api/me/totp', {}, totpSchema, { signal })),
  );
  const confirm = () =>
    working.run(async () => {
      try {
        const { recoveryCodes } = await withProof('account', () =>
          post('/api/me/totp/confirm', { code: code.replaceAll(' ', '') }, recoveryCodesSchema),
        );
        onAdded(recoveryCodes);
      } finally {
        setCode('');
      }
    });
  return (
    <Loaded of={begun} skeleton={<Skeleton lines={8} />}>
      {({ uri, secret }) => (
        <Form onSubmit={confirm}>
          <p>{said.about}</p>
          <QrPicture text={uri} spoken={said.picture} />
          <p>
            {said.byHand}
            <br />
            <code class={styles.byHand}>{secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
          </p>
          <Field
            first
            code
            name="one-time-code"
            label={said.code}
            autoComplete="one-time-code"
            inputMode="numeric"
            maxLength={12}
            hint={said.once}
            fault={working.fault?.sentence}
            value={code}
            onValue={setCode}
          />
          <div>
            <Button kind="primary" type="submit" busy={working.busy}>
              {said.confirm}
            </Button>
          </div>
        </Form>
      )}
    </Loaded>
  );
}
