import { useState } from 'preact/hooks';
import { ROLES, type Role } from '../../../src/contract/roles.ts';
import { words as frameWords } from '../../app/words.ts';
import { useWorking } from '../../app/working.ts';
import { RadioGroup } from '../../ui/choice.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DialogEnd } from '../../ui/dialog-end.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { makeAccount } from './api.ts';
import { endOfDay } from './days.ts';
import { FirstPassword } from './first-password.tsx';
import { words } from './words.ts';

interface NewAccountProps {
  readonly onClose: () => void;
  readonly onMade: () => void;
}

/** An account without any right; its first password is shown once. */
export function NewAccount({ onClose, onMade }: NewAccountProps) {
  const said = words().make;
  const { roles } = frameWords();
  const [typed, setTyped] = useState({ name: '', login: '', contract: '', training: '' });
  const [kind, setKind] = useState<'staff' | 'trustee'>('staff');
  const [role, setRole] = useState<Role>('security');
  const [isTried, setTried] = useState(false);
  const [password, setPassword] = useState<string>();
  const working = useWorking();
  const set = (field: keyof typeof typed) => (value: string) => setTyped({ ...typed, [field]: value });
  const isTrustee = kind === 'trustee';
  const missing = {
    name: typed.name.trim() === '',
    login: typed.login.trim() === '',
    contract: isTrustee && endOfDay(typed.contract) === undefined,
  };
  const make = () => {
    setTried(true);
    if (missing.name || missing.login || missing.contract) return;
    working.run(async () => {
      const [contractUntil, trainingUntil] = [endOfDay(typed.contract), endOfDay(typed.training)];
      const made = await makeAccount({
        login: typed.login.trim(),
        name: typed.name.trim(),
        role,
        kind,
        ...(isTrustee && { contractUntil }),
        ...(trainingUntil !== undefined && { trainingUntil }),
      });
      setPassword(made.password);
      onMade();
    });
  };
  if (password !== undefined)
    return <FirstPassword name={typed.name.trim()} password={password} onClose={onClose} />;
  return (
    <Dialog title={said.title} onClose={onClose}>
      <Form onSubmit={make}>
        <Field
          first
          label={said.name}
          value={typed.name}
          onValue={set('name')}
          maxLength={60}
          fault={isTried && missing.name ? said.nameMissing : undefined}
        />
        <Field
          label={said.login}
          hint={said.loginHint}
          value={typed.login}
          onValue={set('login')}
          maxLength={32}
          fault={isTried && missing.login ? said.loginMissing : undefined}
        />
        <RadioGroup
          label={said.kind}
          value={kind}
          options={[
            { value: 'staff', label: said.kinds.staff },
            { value: 'trustee', label: said.kinds.trustee },
          ]}
          onValue={(chosen) => {
            setKind(chosen);
            setRole(chosen === 'trustee' ? 'technician' : 'security');
          }}
        />
        <Select
          label={said.role}
          value={role}
          options={ROLES.filter((one) => one !== 'kiosk').map((one) => ({ value: one, label: roles[one] }))}
          onValue={setRole}
        />
        {isTrustee && (
          <Field
            type="date"
            label={said.contract}
            value={typed.contract}
            onValue={set('contract')}
            fault={isTried && missing.contract ? said.contractMissing : undefined}
          />
        )}
        <Field type="date" optional label={said.training} value={typed.training} onValue={set('training')} />
        <p>{said.recorded}</p>
        <DialogEnd working={working} does={said.submit} onClose={onClose} />
      </Form>
    </Dialog>
  );
}
