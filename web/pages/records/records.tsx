import { useState } from 'preact/hooks';
import { REGISTER_NAMES, type RegisterName } from '../../../src/contract/registers.ts';
import { go } from '../../app/router.tsx';
import type { PageProps } from '../../app/routes.ts';
import { words as frameWords } from '../../app/words.ts';
import { PageHead } from '../../ui/page-head.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { type Asked, EVERYTHING } from './asked.ts';
import { Filters } from './filters.tsx';
import styles from './records.module.css';
import { Register } from './register.tsx';
import { TakeOut } from './take-out.tsx';
import { VerifyCard } from './verify-card.tsx';
import { words } from './words.ts';

const isRegister = (text: string | null): text is RegisterName =>
  REGISTER_NAMES.some((name) => name === text);

/** The registers of the ledger. Which one is in the address; what it is narrowed down to is nobody's but this tab's. */
export default function Records({ query }: PageProps) {
  const said = words();
  const wanted = query.get('register');
  const register = isRegister(wanted) ? wanted : 'management';
  const [asked, setAsked] = useState<Asked>(EVERYTHING);
  return (
    <div class={styles.records}>
      <PageHead title={frameWords().pages.records}>{said.about}</PageHead>
      <Tabs
        label={said.registers}
        tabs={REGISTER_NAMES.map((id) => ({ id, title: said.names[id] }))}
        chosen={register}
        onChosen={(tab) => {
          // Kinds and people of one register are not those of another.
          setAsked({ ...EVERYTHING, from: asked.from, to: asked.to, order: asked.order });
          go(`/records?register=${tab}`, { replace: true });
        }}
      >
        <div class={styles.register}>
          <Filters register={register} asked={asked} onAsked={setAsked} />
          <h2 class="only-spoken">{said.names[register]}</h2>
          <Register register={register} asked={asked} />
        </div>
      </Tabs>
      <div class={styles.unprinted}>
        <div class={styles.cards}>
          <VerifyCard />
          <TakeOut register={register} asked={asked} />
        </div>
      </div>
    </div>
  );
}
