import { useState } from 'preact/hooks';
import { words as frameWords } from '../../app/words.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Actions, Card } from '../../ui/card.tsx';
import { Time } from '../../ui/time.tsx';
import { type Account, changeAccount, newPassword } from './api.ts';
import { Confirm, type Step } from './confirm.tsx';
import { FirstPassword } from './first-password.tsx';
import styles from './people.module.css';
import { StateBadge } from './state-badge.tsx';
import { TermsSheet } from './terms-sheet.tsx';
import { words } from './words.ts';

interface AccountCardProps {
  readonly account: Account;
  readonly isOwn: boolean;
  readonly onChanged: () => void;
}

/** How an account stands, and what can be done to it. */
export function AccountCard({ account, isOwn, onChanged }: AccountCardProps) {
  const said = words();
  const { roles } = frameWords();
  const [step, setStep] = useState<Step>();
  const [isDating, setDating] = useState(false);
  const [password, setPassword] = useState<string>();
  const { columns, account: steps } = said;
  const offer = (name: 'suspend' | 'restore' | 'close' | 'unlock' | 'factors', danger = false) => (
    <Button kind={danger ? 'danger' : 'secondary'} onPress={() => setStep(stepOf(account, name))}>
      {steps[name]}
    </Button>
  );
  const askPassword = () =>
    setStep({
      title: steps.password,
      text: steps.sure.password,
      recorded: steps.recorded({ what: steps.password }),
      button: steps.password,
      danger: true,
      work: async () => setPassword((await newPassword(account.id)).password),
    });
  return (
    <Card title={steps.title} aside={<StateBadge account={account} />}>
      <dl class={styles.facts}>
        <dt>{columns.login}</dt>
        <dd>{account.login || '–'}</dd>
        <dt>{columns.role}</dt>
        <dd>
          {roles[account.role]} · {said.make.kinds[account.kind]}
        </dd>
        <dt>{columns.used}</dt>
        <dd>{account.used === undefined ? said.never : <Time at={account.used} />}</dd>
        <dt>{columns.contract}</dt>
        <dd>{account.contractUntil === undefined ? said.never : <Time at={account.contractUntil} />}</dd>
        <dt>{columns.training}</dt>
        <dd>{account.trainingUntil === undefined ? said.never : <Time at={account.trainingUntil} />}</dd>
      </dl>
      {account.mustChangePassword && account.state !== 'closed' && (
        <p>
          <Badge kind="due">{said.mustChange}</Badge>
        </p>
      )}
      {account.state !== 'closed' && !isOwn && (
        <Actions>
          <Button onPress={() => setDating(true)}>{steps.terms}</Button>
          {account.state === 'active' ? offer('suspend') : offer('restore')}
          {offer('unlock')}
          <Button onPress={askPassword}>{steps.password}</Button>
          {offer('factors')}
          {offer('close', true)}
        </Actions>
      )}
      {step && <Confirm step={step} onClose={() => setStep(undefined)} onChanged={onChanged} />}
      {password !== undefined && !step && (
        <FirstPassword name={account.name} password={password} onClose={() => setPassword(undefined)} />
      )}
      {isDating && <TermsSheet account={account} onClose={() => setDating(false)} onChanged={onChanged} />}
    </Card>
  );
}

function stepOf(account: Account, name: 'suspend' | 'restore' | 'close' | 'unlock' | 'factors'): Step {
  const said = words().account;
  return {
    title: `${said[name]} · ${account.name}`,
    text: said.sure[name],
    recorded: said.recorded({ what: said[name] }),
    button: said[name],
    danger: name === 'close' || name === 'suspend' || name === 'factors',
    done: said.done[name],
    work: () => changeAccount(account.id, name === 'factors' ? 'reset-factors' : name),
  };
}
