import { z } from 'zod';
import type { Me } from '../../src/contract/auth.ts';
import { cameraHealthSchema } from '../../src/contract/cameras.ts';
import { get } from '../api/client.ts';
import { errorOf, useResource } from '../api/resource.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { toldFault } from '../ui/toast.tsx';
import { aheadMs, NOTICED_MS, second } from './clock.ts';
import styles from './frame.module.css';
import { language } from './language.ts';
import { LanguageChoice, ThemeChoice } from './preferences.tsx';
import { Link } from './router.tsx';
import { session, signOut } from './session.ts';
import { site } from './site.ts';
import { siteTimeText } from './site-time.ts';
import { Verified } from './verified.tsx';
import { words } from './words.ts';

const LOOK_MS = 10_000;
const healthSchema = z.strictObject({ at: z.iso.datetime(), cameras: z.array(cameraHealthSchema) });

export function Bar({ me }: { readonly me: Me }) {
  const said = words();
  return (
    <header class={styles.bar}>
      <span class={styles.site}>
        <img src="/icon.svg" alt="" width={24} height={24} />
        {site.value?.name[language.value] ?? said.product}
      </span>
      {me.role !== 'reviewer' && me.role !== 'kiosk' && <Recording />}
      {me.role !== 'reviewer' && me.role !== 'kiosk' && <Verified role={me.role} />}
      <Clock />
      <LanguageChoice />
      <ThemeChoice />
      <Link to="/account">{me.name}</Link>
      <Button kind="plain" small icon="out" onPress={() => void signOut().catch(stillIn)}>
        {said.bar.signOut}
      </Button>
    </header>
  );
}

/** Whoever believes to have left, and has not, is told so. */
const stillIn = (error: unknown) => toldFault(errorOf(error).sentence || words().errors.pageFault);

/** The server's time at the site. */
function Clock() {
  const said = words().bar;
  const ahead = aheadMs.value ?? 0;
  const differs = Math.abs(ahead) > NOTICED_MS;
  const title = differs
    ? said.clockDiffers({ seconds: Math.round(Math.abs(ahead) / 1000) })
    : said.clockAgrees;
  return (
    <span class={`${styles.clock} figures ${differs ? styles.differs : ''}`} title={title}>
      {siteTimeText(second.value, { seconds: true })}
      {differs && <span class="only-spoken"> {title}</span>}
    </span>
  );
}

function Recording() {
  const said = words().bar;
  const isIn = session.value.state === 'somebody';
  const health = useResource((signal) => get('/api/cameras/health', healthSchema, { signal }), {
    everyMs: LOOK_MS,
    of: [isIn],
  });
  if (health.state === 'loading') return <span class={styles.recording}>…</span>;
  if (health.state === 'failed' || health.stale)
    return (
      <span class={`${styles.recording} ${styles.notAll}`}>
        <Icon name="alarm" size={18} /> {said.recordingUnknown}
      </span>
    );
  const pulled = health.value.cameras.filter((camera) => camera.pulled);
  const recording = pulled.filter((camera) => camera.recording).length;
  const all = recording === pulled.length;
  return (
    <span class={`${styles.recording} figures ${all ? '' : styles.notAll}`}>
      <Icon name={all ? 'check' : 'alarm'} size={18} /> {said.recording({ recording, of: pulled.length })}
    </span>
  );
}
