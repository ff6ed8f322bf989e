import { type CameraRegister, cameraRegisterSchema } from '../../../src/contract/cameras.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { language } from '../../app/language.ts';
import { Link } from '../../app/router.tsx';
import type { PageProps } from '../../app/routes.ts';
import { Card } from '../../ui/card.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Loaded, Skeleton } from '../../ui/states.tsx';
import styles from './camera.module.css';
import { Facts } from './facts.tsx';
import { Health } from './health.tsx';
import { View } from './view.tsx';
import { words } from './words.ts';

/** One camera: its page of the register, what its sign says, how its streams were. */
export default function Camera({ params: { id = '' } }: PageProps) {
  const camera = useResource(
    (signal) => get(`/api/cameras/${encodeURIComponent(id)}/register`, cameraRegisterSchema, { signal }),
    { of: [id] },
  );
  return (
    <Loaded of={camera} skeleton={<Skeleton lines={16} />}>
      {(known) => (
        <>
          <PageHead
            title={`${known.id} · ${known.name[language.value]}`}
            action={<Link to="/cameras">{words().one.back}</Link>}
          >
            {known.place[language.value]}
          </PageHead>
          <div class={styles.cards}>
            <Register camera={known} />
            <Sign camera={known} />
          </div>
          <div class={styles.health}>
            <Health id={known.id} />
          </div>
          <View id={known.id} />
        </>
      )}
    </Loaded>
  );
}

function Register({ camera }: { readonly camera: CameraRegister }) {
  const said = words();
  const { one } = said;
  const { device, addresses, confirmed, why } = camera;
  const spoken = language.value;
  const model = [device?.manufacturer, device?.model, device?.firmware].filter(Boolean).join(' ');
  return (
    <Card title={one.register}>
      <Facts
        of={[
          [one.id, camera.id],
          [one.place, camera.place[spoken]],
          [one.coverage, camera.coverage[spoken]],
          [one.zone, said.zone[camera.zone]],
          [one.consent, camera.consent],
          [one.confirmed, confirmed && `${confirmed.at} · ${confirmed.basis}`],
          [one.recorded, `${said.why[why as keyof typeof said.why] ?? why} · ${camera.record}`],
          [one.device, model || one.deviceUnknown],
          [one.addresses, addresses?.map(({ use, at }) => <div key={use}>{`${one.use[use]} ${at}`}</div>)],
        ]}
      />
    </Card>
  );
}

function Sign({ camera: { sign } }: { readonly camera: CameraRegister }) {
  const { one } = words();
  const spoken = language.value;
  const { manager } = sign;
  return (
    <Card title={one.sign}>
      <Facts
        of={[
          [one.purposes, sign.purposes.map((purpose) => purpose[spoken]).join(', ')],
          [one.place, sign.place[spoken]],
          [one.coverage, sign.coverage[spoken]],
          [one.hours, one.hoursOf[sign.hours]],
          [one.manager, `${manager.department[spoken]} ${manager.title[spoken]} · ${manager.phone}`],
        ]}
      />
      <p class={styles.hint}>{one.signHint}</p>
    </Card>
  );
}
