import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clinicCamera } from '../../../demo/clinic.ts';
import { QUIRK_KINDS, type QuirkKind } from '../../../demo/quirks.ts';
import { MAX_PAYLOAD } from '../../../demo/rtsp/packets.ts';
import { isParameterSet, nalType } from '../../../demo/scenes/annex-b.ts';
import { FRAME_TICKS } from '../../../demo/scenes/profile.ts';
import { type SimulatedCamera, type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { type Codec, nalRole } from '../../../src/media/nal.ts';
import { createChoosingSource } from '../../../src/recording/choosing-source.ts';
import { createFfmpegSource } from '../../../src/recording/ffmpeg-source.ts';
import { type Lateness, watchLateness } from '../../../src/recording/lateness.ts';
import { createRtspSource } from '../../../src/recording/rtsp-source.ts';
import type { MediaSource, PullTarget, SourceHealth } from '../../../src/recording/source.ts';
import {
  openSentPictures,
  type Pull,
  type Pulled,
  pullUntil,
  type SentPictures,
  type SentTrack,
} from '../../support/pulled-frames.ts';

/** A camera with a habit that the field knows, and what is to become of its pictures. */
interface Row {
  /** What the list of reports calls it. */
  readonly item: number;
  readonly quirk: QuirkKind;
  readonly codecs?: readonly Codec[];
  /** What it takes for the quirk to show. */
  readonly together?: readonly QuirkKind[];
  readonly transport?: PullTarget['transport'];
  readonly comes?: 'tcp' | 'udp';
  readonly frames?: number;
  readonly track?: SentTrack;
  /** What becomes of a picture's units on their way, `keyFrame` the how manieth key frame it is. */
  readonly asSent?: (units: Buffer[], codec: Codec, keyFrame: number) => Buffer[];
  /** Counters that are not zero. */
  readonly counts?: readonly (keyof SourceHealth)[];
  readonly alsoExpect?: (pulled: Pulled) => void;
}

const BOTH = ['h264', 'h265'] as const;
const FRAMES = 40;
const forbidden = (unit: Buffer) => Buffer.concat([Buffer.from([unit[0]! | 0x80]), unit.subarray(1)]);
/** Signs of life are 5 s apart at least: a second one that had to repair the first would come too late. */
const SESSION_TIMEOUT_S = 9;
/** Beyond the second sign of life and the session's timeout. */
const KEPT_ALIVE_FRAMES = 13 * 15;

const ROWS: readonly Row[] = [
  { item: 1, quirk: 'stale_session', counts: ['foreignPackets'] },
  { item: 2, quirk: 'session_id_changes', frames: KEPT_ALIVE_FRAMES },
  { item: 3, quirk: 'keepalive_ignored', frames: KEPT_ALIVE_FRAMES },
  { item: 3, quirk: 'keepalive_refused', frames: KEPT_ALIVE_FRAMES },
  { item: 3, quirk: 'keepalive_cuts', frames: KEPT_ALIVE_FRAMES },
  { item: 4, quirk: 'data_before_play' },
  { item: 4, quirk: 'crlf_before_data' },
  { item: 5, quirk: 'unassigned_channels' },
  { item: 5, quirk: 'other_channels' },
  { item: 6, quirk: 'garbage_between' },
  { item: 7, quirk: 'transport_without_tcp' },
  { item: 7, quirk: 'server_port_empty', transport: 'udp', comes: 'udp' },
  { item: 7, quirk: 'transport_ssrc_blank' },
  { item: 7, quirk: 'transport_ssrc_first' },
  { item: 7, quirk: 'transport_missing' },
  { item: 8, quirk: 'user_agent_wanted' },
  { item: 8, quirk: 'challenges_many_headers' },
  { item: 8, quirk: 'challenges_one_header' },
  { item: 9, quirk: 'require_refused' },
  { item: 10, quirk: 'tcp_refused', comes: 'udp' },
  { item: 10, quirk: 'big_datagrams', transport: 'udp', comes: 'udp', codecs: BOTH },
  { item: 12, quirk: 'sdp_without_origin' },
  { item: 12, quirk: 'sdp_many_names' },
  { item: 12, quirk: 'sdp_broken_connection' },
  { item: 12, quirk: 'sdp_unreadable_media' },
  { item: 13, quirk: 'base_doubled' },
  { item: 13, quirk: 'base_without_scheme' },
  { item: 13, quirk: 'base_v4_mapped' },
  { item: 13, quirk: 'control_with_query' },
  { item: 14, quirk: 'content_type_missing' },
  { item: 14, quirk: 'trailing_blanks' },
  { item: 14, quirk: 'control_first' },
  { item: 15, quirk: 'fmtp_empty', codecs: BOTH },
  { item: 15, quirk: 'fmtp_on_audio', codecs: BOTH },
  { item: 16, quirk: 'rtp_info_seq_zero' },
  { item: 16, quirk: 'rtp_info_seq_one' },
  { item: 16, quirk: 'rtp_info_time_invalid' },
  { item: 16, quirk: 'rtp_info_semicolons' },
  { item: 16, quirk: 'rtp_info_ssrc' },
  {
    item: 17,
    quirk: 'foreign_reports',
    frames: 6 * 15,
    // Its own report has been heard, after that of 1970 which is somebody else's.
    alsoExpect: ({ session }) => expect(session.health()?.cameraClockOffsetMs).toBeCloseTo(0, -2),
  },
  { item: 18, quirk: 'sets_in_band_only', codecs: BOTH },
  {
    item: 18,
    quirk: 'sets_in_sdp_only',
    codecs: BOTH,
    asSent: (units, codec) => units.filter((unit) => !isParameterSet(codec, nalType(codec, unit[0]!))),
  },
  { item: 18, quirk: 'sets_wrong_in_sdp', codecs: BOTH },
  { item: 18, quirk: 'sps_extra_bytes', codecs: BOTH },
  { item: 19, quirk: 'start_codes_within', codecs: BOTH },
  { item: 19, quirk: 'start_codes_before', codecs: BOTH },
  { item: 19, quirk: 'marker_on_sets', codecs: BOTH },
  { item: 19, quirk: 'fragment_type_changes', codecs: BOTH },
  { item: 19, quirk: 'empty_fragments', codecs: BOTH },
  {
    item: 19,
    quirk: 'reserved_bits',
    codecs: BOTH,
    // The reserved bit belongs to nothing; the forbidden one says that a unit is damaged, and stays.
    asSent: (units) => units.map((unit) => (unit.length > MAX_PAYLOAD ? forbidden(unit) : unit)),
  },
  { item: 19, quirk: 'foreign_payload_type', codecs: BOTH, counts: ['foreignPackets'] },
  { item: 19, quirk: 'header_extension', codecs: BOTH },
  { item: 19, quirk: 'contributing_sources', codecs: BOTH },
  { item: 19, quirk: 'padding', codecs: BOTH },
  { item: 19, quirk: 'aggregation', codecs: BOTH },
  { item: 19, quirk: 'sets_with_old_time', codecs: BOTH },
  {
    item: 21,
    quirk: 'sps_flapping',
    codecs: BOTH,
    asSent: (units, codec, keyFrame) =>
      units.map((unit) =>
        keyFrame % 2 === 0 && nalRole(codec, unit[0]!) === 'sps'
          ? Buffer.concat([unit, Buffer.alloc(2)])
          : unit,
      ),
  },
  { item: 22, quirk: 'b_frames', track: 'bFrames' },
  { item: 23, quirk: 'long_group', track: 'longGroup' },
  {
    item: 23,
    quirk: 'joins_mid_group',
    together: ['long_group'],
    track: 'longGroup',
    alsoExpect: ({ alive }) => expect(alive).toBeGreaterThan(15),
  },
  { item: 24, quirk: 'pre_buffer', frames: 8 * 15 },
];

interface Case extends Row {
  readonly name: string;
  readonly codec: Codec;
}

const CASES: readonly Case[] = ROWS.flatMap((row) =>
  (row.codecs ?? (['h264'] as const)).map((codec) => ({
    ...row,
    codec,
    name: `${row.item} ${row.quirk}${row.codecs ? ` (${codec})` : ''}`,
  })),
);

let site: SimulatedSite;
let lateness: Lateness;
let source: MediaSource;
let sent: SentPictures;
let unused: SimulatedCamera[];
const running = new Map<string, { camera: SimulatedCamera; pull: Promise<Pull> }>();

/** A camera of its own for each row: all run side by side. */
function cameraWith(codec: Codec, quirks: readonly QuirkKind[]): SimulatedCamera {
  const at = unused.findIndex((camera) => camera.codec === codec);
  const [camera] = unused.splice(at < 0 ? unused.length : at, 1);
  if (!camera) throw new Error('no camera left');
  site.quirks.set(camera.id, quirks);
  return camera;
}

const targetOf = (camera: SimulatedCamera, transport: PullTarget['transport'] = 'auto'): PullTarget => ({
  url: camera.urls.main,
  login: { user: site.user, password: new Secret(site.password) },
  transport,
  client: 'rtsp',
});
const servedOf = (camera: SimulatedCamera) => site.served().filter((one) => one.camera === camera.id);

beforeAll(async () => {
  const h265 = CASES.filter(({ codec }) => codec === 'h265').length + 1;
  site = await startSimulatedSite({
    addresses: 'one',
    rtspPort: 0,
    onvifPort: 0,
    discoveryPort: false,
    // Two of thirteen send H.265.
    count: 13 * Math.ceil(h265 / 2),
    sessionTimeoutS: SESSION_TIMEOUT_S,
  });
  unused = [...site.cameras];
  sent = await openSentPictures();
  lateness = watchLateness(systemClock);
  source = createRtspSource({ clock: systemClock, lateness });
  for (const { name, codec, quirk, together = [], transport, frames = FRAMES } of CASES) {
    const camera = cameraWith(codec, [quirk, ...together]);
    const pull = pullUntil(source, targetOf(camera, transport), (pulled) => pulled.frames.length >= frames);
    running.set(name, { camera, pull });
  }
});
afterAll(async () => {
  lateness?.stop();
  await site?.stop();
});

describe('a camera is recorded whole by our own client, although', { timeout: 30_000 }, () => {
  it.each(CASES)('$name', async (row) => {
    const { camera, pull } = running.get(row.name)!;
    const { pulled, health, end } = await pull;
    const { frames = FRAMES, track = 'main', comes = 'tcp', counts = [] } = row;

    expect(end).toEqual({ cause: 'stopped', detail: 'ended by the recorder' });
    expect(pulled.frames.length).toBeGreaterThanOrEqual(frames);
    expect(pulled.init?.track).toMatchObject({
      codec: row.codec,
      parameterSets: sent.parameterSets(camera, track),
    });

    // From the first key frame that was sent on, every picture once.
    const [session, ...more] = servedOf(camera);
    expect(more).toEqual([]);
    const stamps = pulled.frames.map(({ stamp }) => stamp!);
    const numbers = stamps.map(({ frame }) => frame);
    const inOrderShown = row.quirk === 'b_frames' ? shownInOrder(pulled) : numbers;
    expect(inOrderShown).toEqual(inOrderShown.map((_, i) => session!.firstFrame! + i));
    expect(stamps.every((stamp) => stamp.camera === camera.number)).toBe(true);

    let keyFrames = 0;
    for (const { units, stamp, keyFrame } of pulled.frames) {
      if (keyFrame) keyFrames++;
      const { asSent = (units) => units } = row;
      const expected = asSent(sent.units(camera, stamp!, track), row.codec, keyFrames);
      expect(units.map(hex)).toEqual(expected.map(hex));
    }
    // Of the very first B-frames nobody knows yet how far pictures are apart.
    const [first = 0, ...times] = pulled.frames
      .slice(track === 'bFrames' ? 1 : 0)
      .map((one) => one.decodeTicks);
    expect(times).toEqual(times.map((_, i) => first + (i + 1) * FRAME_TICKS));
    const shown = pulled.frames.map(({ shownTicks }) => shownTicks - pulled.frames[0]!.shownTicks);
    expect(shown).toEqual(numbers.map((frame) => (frame - numbers[0]!) * FRAME_TICKS));

    const zero = { missingPackets: 0, reorderedPackets: 0, duplicatePackets: 0, damagedFrames: 0 };
    expect(health).toMatchObject({ transport: comes, ...zero });
    const unexpected = health!.foreignPackets > 0 !== counts.includes('foreignPackets');
    expect(unexpected, `${health!.foreignPackets} foreign packets`).toBe(false);
    expect({ ...pulled }).toMatchObject({ missingPackets: 0, damagedFrames: 0 });
    // TEARDOWN was said and heard.
    await expect.poll(() => servedOf(camera).map(({ open }) => open)).toEqual([false]);
    row.alsoExpect?.(pulled);
  });

  it('11 one_session: its only session is given back each time', async () => {
    const camera = cameraWith('h264', ['one_session']);
    const few = (pulled: Pulled) => pulled.frames.length >= 15;
    const first = pullUntil(source, targetOf(camera), few);
    await expect.poll(() => servedOf(camera).length).toBe(1);
    const refused = await pullUntil(source, targetOf(camera), few);
    expect(refused.end).toEqual({ cause: 'refused', detail: 'the camera refused the stream' });
    expect((await first).end.cause).toBe('stopped');
    const second = await pullUntil(source, targetOf(camera), few);
    expect(second.end.cause).toBe('stopped');
    expect(servedOf(camera).map(({ open }) => open)).toEqual([false, false]);
  });

  it.each(BOTH)('21 the parameter sets change in mid-stream (%s)', async (codec) => {
    const camera = cameraWith(codec, []);
    let changed = false;
    const { pulled, health } = await pullUntil(source, targetOf(camera), ({ frames }) => {
      if (!changed && frames.length >= 15) {
        changed = true;
        site.faults.set({ camera: camera.id, kind: 'parameter_change' });
      }
      return frames.length >= 60;
    });
    const numbers = pulled.frames.map(({ stamp }) => stamp!.frame);
    expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i));
    const tracks = pulled.frames.map(({ units, stamp }) =>
      (['main', 'changed'] as const).find((track) => same(units, sent.units(camera, stamp!, track))),
    );
    const from = tracks.indexOf('changed');
    expect(from).toBeGreaterThanOrEqual(15);
    expect(pulled.frames[from]?.keyFrame).toBe(true);
    expect(tracks).toEqual(tracks.map((_, i) => (i < from ? 'main' : 'changed')));
    expect(health).toMatchObject({ missingPackets: 0, damagedFrames: 0, foreignPackets: 0 });
  });

  it('25 it offers sound too, which nobody asks for', async () => {
    const [camera] = unused.splice(
      unused.findIndex(({ number }) => clinicCamera(number).audio),
      1,
    );
    const { pulled, health, end } = await pullUntil(
      source,
      targetOf(camera!),
      ({ frames }) => frames.length >= FRAMES,
    );
    expect(end.cause).toBe('stopped');
    const numbers = pulled.frames.map(({ stamp }) => stamp!.frame);
    expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i));
    expect(health).toMatchObject({ missingPackets: 0, foreignPackets: 0 });
  });

  it('every quirk of the simulated cameras has its row', () => {
    const others = ['one_session', 'interleaving_announced'];
    expect(new Set([...ROWS.map(({ quirk }) => quirk as string), ...others])).toEqual(new Set(QUIRK_KINDS));
  });
});

it('interleaving_announced: our own client refuses the camera, and ffmpeg records it', async () => {
  const camera = cameraWith('h264', ['interleaving_announced']);
  const enough = ({ frames }: Pulled) => frames.length >= FRAMES;
  const why = 'the camera packs its video in a rare way';
  const { end } = await pullUntil(source, targetOf(camera), enough);
  expect(end).toEqual({ cause: 'unusable', detail: why });
  const choosing = createChoosingSource({
    rtsp: source,
    ffmpeg: createFfmpegSource({ clock: systemClock }),
    clock: systemClock,
  });
  const { pulled, ...rest } = await pullUntil(choosing, { ...targetOf(camera), client: 'auto' }, enough);
  expect(pulled.session).toMatchObject({ kind: 'ffmpeg', insteadBecause: `ours refused: ${why}` });
  expect(rest.end.cause).toBe('stopped');
  const numbers = pulled.frames.map(({ stamp }) => stamp!.frame);
  expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i));
});

const hex = (unit: Buffer) => unit.toString('hex');
const same = (a: readonly Buffer[], b: readonly Buffer[]) =>
  a.length === b.length && a.every((unit, i) => unit.equals(b[i]!));

/** The numbers in the order shown, without the last ones, between which some may not have been sent yet. */
const shownInOrder = ({ frames }: Pulled): number[] =>
  frames
    .toSorted((a, b) => a.shownTicks - b.shownTicks)
    .map(({ stamp }) => stamp!.frame)
    .slice(0, -3);
