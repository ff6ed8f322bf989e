import type { CameraId } from '../src/lib/ids.ts';

export type DemoStream = 'main' | 'sub' | 'night';

/** The simulated clinic's cameras: what a person reads on screen, and what the scene generator draws. */
export interface ClinicCamera {
  /** 1…13 in the table; more cameras of the same clinic count on from there. */
  readonly number: number;
  readonly id: CameraId;
  readonly name: { readonly ko: string; readonly en: string };
  readonly place: { readonly ko: string; readonly en: string };
  readonly zone: 'public' | 'non_public' | 'operating_room';
  /** What moves in the picture, for the person who looks for a known event. */
  readonly scene: string;
  readonly codec: 'h264' | 'h265';
  /** Offers a (silent) G.711 track beside the picture, as many cameras do: a recorder must not set it up. */
  readonly audio: boolean;
}

type Row = [
  ko: string,
  en: string,
  placeKo: string,
  placeEn: string,
  zone: ClinicCamera['zone'],
  scene: string,
];

const ROWS: readonly Row[] = [
  [
    '현관',
    'Entrance',
    '1층 현관',
    '1F entrance',
    'public',
    'Visitors come in through the glass door; daylight changes.',
  ],
  [
    '접수',
    'Reception',
    '1층 접수 데스크',
    '1F reception desk',
    'public',
    'A clerk stands at the desk, visitors queue and leave.',
  ],
  [
    '대기실',
    'Waiting room',
    '1층 대기실',
    '1F waiting room',
    'public',
    'Three people sit, one walks to the desk and back, two cross.',
  ],
  [
    '복도 A',
    'Corridor A',
    '1층 복도',
    '1F corridor',
    'public',
    'People walk towards and away from the camera and pass each other.',
  ],
  [
    '복도 B',
    'Corridor B',
    '2층 복도',
    '2F corridor',
    'public',
    'A nurse crosses with quick steps; a patient walks slowly.',
  ],
  [
    '진료실',
    'Consultation',
    '1층 진료실',
    '1F consultation room',
    'non_public',
    'A doctor sits; a patient comes, sits and goes.',
  ],
  [
    '준비실',
    'Preparation',
    '2층 준비실',
    '2F preparation room',
    'non_public',
    'A nurse walks between cupboard and bench.',
  ],
  [
    '회복실',
    'Recovery',
    '2층 회복실',
    '2F recovery room',
    'non_public',
    'A nurse visits two beds; long still stretches.',
  ],
  [
    '수술실 1',
    'Operating room 1',
    '2층 수술실 1',
    '2F operating room 1',
    'operating_room',
    'Two surgeons stand at the table, one walks around it.',
  ],
  [
    '수술실 2',
    'Operating room 2',
    '2층 수술실 2',
    '2F operating room 2',
    'operating_room',
    'Empty room; a nurse prepares it.',
  ],
  [
    '서버실',
    'Server room',
    '지하 서버실',
    'B1 server room',
    'non_public',
    'Nearly always empty; a technician crosses once.',
  ],
  ['주차장', 'Parking', '지하 주차장', 'B1 parking', 'public', 'Two people walk to the lift and cross.'],
  ['약제실', 'Dispensary', '1층 약제실', '1F dispensary', 'non_public', 'A pharmacist works at the counter.'],
];

const H265 = new Set([4, 12]);
const AUDIO = new Set([2, 6]);

export const CLINIC_SIZE = ROWS.length;

/** Camera `number` (1-based) of the site; beyond 13 the same rooms again under their own numbers. */
export function clinicCamera(number: number): ClinicCamera {
  const room = (number - 1) % CLINIC_SIZE;
  const [ko, en, placeKo, placeEn, zone, scene] = ROWS[room]!;
  const lap = number > CLINIC_SIZE ? ` (${number})` : '';
  return {
    number,
    id: `cam${String(number).padStart(2, '0')}` as CameraId,
    name: { ko: ko + lap, en: en + lap },
    place: { ko: placeKo, en: placeEn },
    zone,
    scene,
    codec: H265.has(room + 1) ? 'h265' : 'h264',
    audio: AUDIO.has(room + 1),
  };
}

export const clinicCameras = (count: number = CLINIC_SIZE): ClinicCamera[] =>
  Array.from({ length: count }, (_, i) => clinicCamera(i + 1));
