import type { Bilingual } from '../i18n/language.ts';
import type { TypedSource } from './look-at-camera.ts';

/** A camera as somebody has described it for the register; not checked yet. */
export interface CameraDraft {
  readonly id: string;
  readonly name: Bilingual;
  readonly place: Bilingual;
  readonly coverage: Bilingual;
  readonly zone: 'public' | 'non_public' | 'operating_room' | 'prohibited';
  readonly consent?: string | undefined;
  readonly purposes: readonly string[];
  readonly source: TypedSource;
  /** It asks for a login: then where its password is to be kept is written, and never the password. */
  readonly login: boolean;
  readonly record: 'main+sub' | 'main';
}

/**
 * The entry to paste under `cameras`. JSON strings are YAML strings: nothing that was typed, or that a camera said,
 * breaks out of one. Operating rooms record on request alone until a person confirms otherwise in the file.
 */
export function draftEntry(draft: CameraDraft): string {
  const { id, zone, consent, source } = draft;
  const words = ({ ko, en }: Bilingual) => `{ ko: ${JSON.stringify(ko)}, en: ${JSON.stringify(en)} }`;
  const address =
    source.kind === 'onvif'
      ? [`      onvif: ${JSON.stringify(source.deviceUrl)}`]
      : [
          '      rtsp:',
          `        main: ${JSON.stringify(source.mainUrl)}`,
          ...(source.subUrl === undefined ? [] : [`        sub: ${JSON.stringify(source.subUrl)}`]),
        ];
  return [
    `  - id: ${id}`,
    `    name: ${words(draft.name)}`,
    `    place: ${words(draft.place)}`,
    `    coverage: ${words(draft.coverage)}`,
    `    zone: { class: ${zone}${consent === undefined ? '' : `, consent: ${JSON.stringify(consent)}`} }`,
    `    purposes: [${draft.purposes.join(', ')}]`,
    '    source:',
    ...address,
    ...(draft.login
      ? [
          '      # user: 카메라의 사용자 이름으로 바꿔 주세요 · put the account at the camera here',
          `      credential: { user: admin, password: 'file:secrets/${id}.password' }`,
        ]
      : []),
    `    record: ${draft.record}`,
    ...(zone === 'operating_room' ? ['    recording: on_request'] : []),
    `    enabled: ${zone !== 'prohibited'}`,
  ].join('\n');
}
