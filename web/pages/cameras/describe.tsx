import { useState } from 'preact/hooks';
import { z } from 'zod';
import { entrySchema, type SearchView } from '../../../src/contract/camera-search.ts';
import { get, post } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { language } from '../../app/language.ts';
import { useWorking } from '../../app/working.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Checkbox, RadioGroup } from '../../ui/choice.tsx';
import { Fault, Field, Select } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { begunSchema } from './discovery.tsx';
import { Entry } from './entry.tsx';
import { Seen } from './seen.tsx';
import { words } from './words.ts';

const purposesSchema = z.looseObject({
  purposes: z.array(z.looseObject({ id: z.string(), ko: z.string(), en: z.string() })),
});
const ZONES = ['public', 'non_public', 'operating_room', 'prohibited'] as const;
const TEXTS = ['nameKo', 'nameEn', 'placeKo', 'placeEn', 'coverageKo', 'coverageEn'] as const;

interface DescribeProps {
  /** Of the camera that was chosen; empty before. */
  readonly deviceUrl: string;
  readonly search: SearchView['search'];
  readonly onBegun: () => void;
}

/** Which camera it is, what was seen of it, and what the register says: together an entry for cameras.yml. */
export function Describe({ deviceUrl, search, onBegun }: DescribeProps) {
  const all = words();
  const said = all.search;
  const purposes = useResource((signal) => get('/api/purposes', purposesSchema, { signal }));
  const [source, setSource] = useState({
    kind: 'onvif' as 'onvif' | 'rtsp',
    deviceUrl,
    mainUrl: '',
    subUrl: '',
  });
  const [login, setLogin] = useState({ user: '', password: '' });
  const [id, setId] = useState('');
  const [zone, setZone] = useState<(typeof ZONES)[number]>('public');
  const [consent, setConsent] = useState('');
  const [texts, setTexts] = useState<Partial<Record<(typeof TEXTS)[number], string>>>({});
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [record, setRecord] = useState<'main+sub' | 'main'>('main+sub');
  const [entry, setEntry] = useState<z.output<typeof entrySchema>>();
  const looking = useWorking();
  const making = useWorking();
  const isLooked = zone === 'public' || zone === 'non_public';
  const text = (name: (typeof TEXTS)[number]) => (texts[name] ?? '').trim();
  const where =
    source.kind === 'onvif'
      ? { kind: 'onvif', deviceUrl: source.deviceUrl.trim() }
      : {
          kind: 'rtsp',
          mainUrl: source.mainUrl.trim(),
          ...(source.subUrl.trim() !== '' && { subUrl: source.subUrl.trim() }),
        };
  const look = () =>
    looking.run(async () => {
      const asked = { source: where, zone, ...(login.user !== '' && { login }) };
      await post('/api/camera-search/probe', asked, begunSchema);
      // It has been used; what is typed stays on no screen longer than it must.
      setLogin((before) => ({ ...before, password: '' }));
      onBegun();
    });
  const make = () =>
    making.run(async () => {
      const draft = {
        id: id.trim(),
        name: { ko: text('nameKo'), en: text('nameEn') },
        place: { ko: text('placeKo'), en: text('placeEn') },
        coverage: { ko: text('coverageKo'), en: text('coverageEn') },
        zone,
        ...(zone === 'non_public' && consent.trim() !== '' && { consent: consent.trim() }),
        purposes: chosen,
        source: where,
        login: login.user !== '',
        record,
      };
      setEntry(await post('/api/camera-search/entry', draft, entrySchema));
    });
  const url = (name: 'deviceUrl' | 'mainUrl' | 'subUrl') => (
    <Field
      label={said[name]}
      hint={said.urlHint}
      optional={name === 'subUrl'}
      value={source[name]}
      onValue={(value) => setSource({ ...source, [name]: value })}
      maxLength={512}
    />
  );
  return (
    <>
      <Card title={said.camera}>
        <Form onSubmit={look}>
          <RadioGroup
            label={said.kind}
            value={source.kind}
            onValue={(kind) => setSource({ ...source, kind })}
            options={(['onvif', 'rtsp'] as const).map((value) => ({ value, label: said.kinds[value] }))}
          />
          {source.kind === 'onvif' ? (
            url('deviceUrl')
          ) : (
            <>
              {url('mainUrl')}
              {url('subUrl')}
            </>
          )}
          <Select
            label={all.column.zone}
            value={zone}
            onValue={setZone}
            options={ZONES.map((value) => ({ value, label: all.zone[value] }))}
          />
          <Field
            label={said.user}
            optional
            value={login.user}
            onValue={(user) => setLogin({ ...login, user })}
            maxLength={128}
          />
          <Field
            label={said.password}
            hint={said.passwordHint}
            optional
            type="password"
            autoComplete="new-password"
            value={login.password}
            onValue={(password) => setLogin({ ...login, password })}
            maxLength={256}
          />
          {looking.fault && <Fault sentence={looking.fault.sentence} />}
          <Button
            type="submit"
            busy={looking.busy || search?.state === 'running'}
            blocked={isLooked ? undefined : said.notLooked}
          >
            {said.look}
          </Button>
          {!isLooked && <p>{said.notLooked}</p>}
        </Form>
        {search?.found?.kind === 'probe' && <Seen found={search.found} />}
      </Card>
      <Card title={said.describe}>
        <Form onSubmit={make}>
          <Field label={said.id} hint={said.idHint} value={id} onValue={setId} maxLength={32} />
          {TEXTS.map((name) => (
            <Field
              key={name}
              label={said[name]}
              value={texts[name] ?? ''}
              onValue={(value) => setTexts({ ...texts, [name]: value })}
              maxLength={200}
            />
          ))}
          {zone === 'non_public' && (
            <Field label={said.consent} value={consent} onValue={setConsent} maxLength={300} />
          )}
          <fieldset>
            <legend>{said.purposes}</legend>
            {purposes.state === 'ready' &&
              purposes.value.purposes.map((purpose) => (
                <Checkbox
                  key={purpose.id}
                  label={purpose[language.value]}
                  checked={chosen.includes(purpose.id)}
                  onChecked={(is) =>
                    setChosen(is ? [...chosen, purpose.id] : chosen.filter((one) => one !== purpose.id))
                  }
                />
              ))}
          </fieldset>
          <Select
            label={said.record}
            value={record}
            onValue={setRecord}
            options={(['main+sub', 'main'] as const).map((value) => ({ value, label: said.records[value] }))}
          />
          {making.fault && <Fault sentence={making.fault.sentence} />}
          <Button type="submit" busy={making.busy}>
            {said.make}
          </Button>
        </Form>
      </Card>
      {entry && <Entry id={id.trim()} made={entry} />}
    </>
  );
}
