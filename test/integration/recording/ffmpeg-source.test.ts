import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QuirkKind } from '../../../demo/quirks.ts';
import { type SimulatedSite, type SiteOptions, startSimulatedSite } from '../../../demo/site.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { createFfmpegSource } from '../../../src/recording/ffmpeg-source.ts';
import type { PullTarget, SourceEnd } from '../../../src/recording/source.ts';

const FRAGMENTS = 3;
/** What the relay answers for; what is inside the packets is ffmpeg's. */
const QUIRKS: readonly (readonly [QuirkKind, PullTarget['transport']])[] = [
  ['tcp_refused', 'auto'],
  ['session_id_changes', 'tcp'],
  ['data_before_play', 'tcp'],
  ['other_channels', 'tcp'],
  ['unassigned_channels', 'tcp'],
  ['garbage_between', 'tcp'],
  ['stale_session', 'tcp'],
  ['transport_missing', 'tcp'],
  ['server_port_empty', 'udp'],
  ['user_agent_wanted', 'tcp'],
  ['challenges_one_header', 'tcp'],
  ['one_session', 'tcp'],
  ['sdp_unreadable_media', 'tcp'],
  ['base_doubled', 'tcp'],
  ['control_with_query', 'tcp'],
  ['fmtp_on_audio', 'tcp'],
];
const FIRST_QUIRKY = 4;
const OPTIONS: SiteOptions = { profile: 'small', rtspPort: 0, onvifPort: 0, discoveryPort: false };

interface Pulled {
  readonly codec: string | undefined;
  readonly fragments: number;
  readonly end: SourceEnd;
}

/** Pulls until there are enough fragments, or it ends by itself. */
function pull(target: Omit<PullTarget, 'client'>): Promise<Pulled> {
  return new Promise((resolve) => {
    let codec: string | undefined;
    let fragments = 0;
    const session = createFfmpegSource({ clock: systemClock }).open(
      { ...target, client: 'ffmpeg' },
      {
        alive: () => undefined,
        init: ({ track }) => {
          codec = track.codec;
        },
        fragment: () => {
          if (++fragments === FRAGMENTS) session.stop();
        },
        ended: (end) => resolve({ codec, fragments, end }),
      },
    );
  });
}

const STOPPED = { cause: 'stopped', detail: 'ended by the recorder' };

describe('ffmpeg behind the relay', () => {
  let site: SimulatedSite;
  beforeAll(async () => {
    // Each has an address of its own: over UDP the pictures come from there, not from the relay.
    site = await startSimulatedSite({
      ...OPTIONS,
      count: FIRST_QUIRKY + QUIRKS.length,
      baseAddress: '127.0.43.1',
    });
  });
  afterAll(() => site?.stop());

  const target = (camera: number, transport: PullTarget['transport'], password = site.password) => ({
    url: site.cameras[camera]!.urls.main,
    login: { user: site.user, password: new Secret(password) },
    transport,
  });
  const sessions = (camera: number) => site.served().filter((one) => one.camera === site.cameras[camera]!.id);

  it.each(['tcp', 'udp', 'auto'] as const)(
    'pulls with a login over %s and gives the session back',
    async (transport) => {
      const { fragments, end } = await pull(target(0, transport));
      expect(fragments).toBeGreaterThanOrEqual(FRAGMENTS);
      expect(end).toEqual(STOPPED);
      const last = sessions(0).at(-1);
      expect(last?.transport).toBe(transport === 'udp' ? 'udp' : 'tcp');
      expect(last?.open).toBe(false);
    },
  );

  it('pulls H.265', async () => {
    expect(await pull(target(3, 'tcp'))).toMatchObject({ codec: 'h265', end: STOPPED });
  });

  it('says that the login was refused, without a process having seen it', async () => {
    const { fragments, end } = await pull(target(0, 'tcp', 'wrong'));
    expect(fragments).toBe(0);
    expect(end).toEqual({ cause: 'refused', detail: 'the camera refused the login' });
  });

  it('says that nothing answers, without having started a process', async () => {
    const { end } = await pull({ url: 'rtsp://127.0.43.99:9/main', transport: 'tcp' });
    expect(end).toEqual({ cause: 'camera_off', detail: 'nothing answers at the camera’s port' });
  });

  it('pulls from cameras as they are sold', async () => {
    const expected = { end: STOPPED, enough: true };
    const found = await Promise.all(
      QUIRKS.map(async ([quirk, transport], index) => {
        site.quirks.set(site.cameras[FIRST_QUIRKY + index]!.id, [quirk]);
        const { fragments, end } = await pull(target(FIRST_QUIRKY + index, transport));
        return [quirk, { end, enough: fragments >= FRAGMENTS }];
      }),
    );
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(QUIRKS.map(([quirk]) => [quirk, expected])));
  });
});

it('ffmpeg behind the relay needs no TLS of its own for a camera that speaks nothing else', async () => {
  const site = await startSimulatedSite({ ...OPTIONS, count: 1, addresses: 'one', tls: true });
  try {
    const login = { user: site.user, password: new Secret(site.password) };
    const url = site.cameras[0]!.urls.main;
    expect(url).toMatch(/^rtsps:/);
    expect((await pull({ url, login, transport: 'tcp' })).end).toEqual(STOPPED);
  } finally {
    await site.stop();
  }
});
