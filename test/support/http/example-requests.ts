import type { Route } from '../../../src/http/route.ts';
import { AN_ID } from './noted-people.ts';

/** `POST /api/viewings` */
export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>) => `${method} ${path}`;

/** With examples in the places of its parameters. */
export const addressOf = ({ path }: Pick<Route, 'path'>) =>
  path
    .replace('tasks/:id', 'tasks/erasing-2026-10')
    .replace(':item', '2026-0001')
    .replace(':run', AN_ID)
    .replace(':id', AN_ID)
    .replace(':session', AN_ID)
    .replace(':view', 'access')
    .replace(':seq', '7')
    .replace(':camera', 'cam01')
    .replace(':stream', 'main')
    .replace('init/:name', 'init/a.mp4')
    .replace('media/:name', 'media/a.m4s');
/** What a route that reads cannot be without. */
export const QUERIES: Readonly<Record<string, string>> = {
  'GET /api/cameras/:id/history': '?from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z',
  'GET /api/logs/:view/export': '?format=csv',
  'GET /api/timeline': '?cameras=cam01&from=2026-11-23T00:00:00Z&to=2026-11-23T01:00:00Z&bucket=60',
  'GET /api/viewings/:id/footage/:camera/:stream/playlist.m3u8':
    '?from=2026-11-23T00:00:00Z&to=2026-11-23T00:15:00Z',
  'GET /api/viewings/:id/footage/:camera/:stream/transcoded/playlist.m3u8':
    '?from=2026-11-23T00:00:00Z&to=2026-11-23T00:15:00Z',
  'GET /api/viewings/:id/footage/:camera/:stream/key-frame': '?at=2026-11-23T00:00:00Z',
};

const passkey = { id: 'x', type: 'public-key' };
const terms = { actions: ['playback'], cameras: ['cam01'], from: '2026-11-23T00:00:00Z' };
const asking = {
  kind: 'live',
  purpose: 'FIRE_PREVENTION',
  reason: '복도에 연기가 난다고 함',
  cameras: ['cam01'],
};
const source = { kind: 'onvif', deviceUrl: 'http://127.0.0.101/onvif/device_service' };
const draft = {
  id: 'cam14',
  name: { ko: '현관', en: 'Entrance' },
  place: { ko: '현관', en: 'Entrance' },
  coverage: { ko: '문', en: 'Door' },
  zone: 'public',
  purposes: ['FIRE_PREVENTION'],
  source,
  login: true,
  record: 'main+sub',
};
const held = {
  cameras: ['cam01'],
  from: '2026-11-22T01:00:00Z',
  to: '2026-11-22T01:10:00Z',
  reason: '분실물 문의를 받음',
};
const changed = { seen: 'a', reason: '조사가 계속되어 필요함' };
/** What each route that changes something is sent when everything is in order. */
export const BODIES: Readonly<Record<string, object>> = {
  'POST /api/camera-search/discovery': { targets: [], multicast: true },
  'POST /api/camera-search/probe': { source, zone: 'public' },
  'POST /api/camera-search/entry': draft,
  'POST /api/holds': held,
  'POST /api/viewings/:id/incident': held,
  'POST /api/holds/:id/take-over': { ...changed, kind: 'incident' },
  'POST /api/holds/:id/renew': changed,
  'POST /api/holds/:id/review': changed,
  'POST /api/holds/:id/end': changed,
  'POST /api/tasks/:id/confirm': { report: 'a'.repeat(64) },
  'POST /api/items': { kind: 'usb', what: '마스킹본', to: '홍길동' },
  'POST /api/items/:item/destroyed': { method: 'shred' },
  'POST /api/kiosks': { clip: AN_ID },
  'POST /api/kiosk/enter': { code: 'ABCD-EFGH' },
  'POST /api/viewings': asking,
  'POST /api/break-glass': asking,
  'POST /api/grants': asking,
  'POST /api/viewings/:id/close': { outcome: 'no_finding' },
  'POST /api/cameras/:id/view/accept': { at: '2026-11-23T00:00:00Z' },
  'POST /api/viewings/:id/marks': { camera: 'cam01', at: '2026-11-23T00:00:00Z' },
  'POST /api/grants/:id/review': { justified: true },
  'POST /api/sign-in': { login: 'guard', password: 'x' },
  'POST /api/sign-in/passkey': { ceremony: 'c' },
  'POST /api/sign-in/factor': { ceremony: 'c', shown: { totp: '123456' } },
  'POST /api/first-administrator': { code: 'abcd', login: 'admin', name: '홍길동', password: 'x' },
  'POST /api/proof': { proof: { password: 'x' }, for: 'right' },
  'PUT /api/me/language': { language: null },
  'POST /api/me/password': { current: 'x', next: 'y' },
  'POST /api/me/totp/confirm': { code: '123456' },
  'POST /api/me/passkeys/finish': { ceremony: 'c', response: passkey },
  'POST /api/people': { login: 'guard', name: '홍길동', role: 'security', kind: 'staff' },
  'PUT /api/people/:id/terms': { trainingUntil: null },
  'POST /api/rights': { account: AN_ID, terms, reason: '야간 근무' },
  'PUT /api/rights/:id': { terms, reason: '야간 근무' },
};
