import type { ComponentChildren } from 'preact';
import type { Today } from '../../../src/contract/today.ts';
import { sizeText } from '../../../src/i18n/size-text.ts';
import { language } from '../../app/language.ts';
import { siteDayText, siteTimeText } from '../../app/site-time.ts';
import { Icon } from '../../ui/icon.tsx';
import styles from './today.module.css';
import { words } from './words.ts';

const figure = (value: number): string => value.toLocaleString('en-US');

/** What one asks after at a glance, each only where the role has it. */
export function Facts({ today }: { readonly today: Today }) {
  const said = words().facts;
  const { recording, storage, erasing, ledger } = today;
  const short = (iso: string) => siteTimeText(Date.parse(iso));
  const nameOf = (id: string) =>
    recording?.cameras.find((camera) => camera.id === id)?.name[language.value] ?? id;
  return (
    <dl class={styles.facts}>
      {recording && (
        <Fact
          name={said.recording}
          value={recording.running ? said.recordingValue(recording) : '–'}
          isWrong={!recording.running || recording.recording < recording.of}
        />
      )}
      {storage && (
        <Fact
          name={said.storage}
          value={said.storageValue({ days: storage.daysThatFit.toFixed(1) })}
          isWrong={!storage.fits}
        >
          {(storage.fits ? said.storageFits : said.storageShort)({ days: storage.retentionDays })}
        </Fact>
      )}
      {erasing && (
        <Fact name={said.erasing} value={short(erasing.at)} isWrong={erasing.waits}>
          {erasing.waits
            ? said.erasingWaits
            : erasing.cameras === 0
              ? said.erasingNothing
              : `${said.erasingWhat({ cameras: erasing.cameras, files: figure(erasing.files) })} · ${sizeText(erasing.bytes)}`}
        </Fact>
      )}
      {erasing && (
        <Fact name={said.oldest} value={erasing.oldest ? siteDayText(erasing.oldest.day) : said.oldestNone}>
          {erasing.oldest && nameOf(erasing.oldest.camera)}
        </Fact>
      )}
      {ledger && (
        <Fact
          name={said.ledger}
          value={said.ledgerEntries({ count: figure(ledger.entries) })}
          isWrong={ledger.trouble}
        >
          {ledger.trouble ? (
            said.ledgerTrouble
          ) : ledger.signed === undefined ? (
            said.ledgerNever
          ) : (
            <>
              <Icon name="seal" size={16} />{' '}
              {said.ledgerSigned({ at: siteTimeText(Date.parse(ledger.signed), { show: 'clock' }) })}
            </>
          )}
        </Fact>
      )}
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly isWrong?: boolean;
  readonly children?: ComponentChildren;
}

function Fact({ name, value, isWrong = false, children }: FactProps) {
  return (
    <div class={isWrong ? styles.wrong : undefined}>
      <dt>{name}</dt>
      <dd class="figures">
        {isWrong && <Icon name="alarm" size={18} />} {value}
      </dd>
      {children !== undefined && <dd class={styles.quiet}>{children}</dd>}
    </div>
  );
}
