import { describe, expect, it } from 'vitest';
import type { RecorderStatus } from '../../../src/contract/recorder-status.ts';
import type { AlarmRow } from '../../../src/db/site/alarm-rows.ts';
import { healthRoutes } from '../../../src/http/resources/health.ts';
import { GirokError } from '../../../src/lib/errors.ts';
import { alarmRow } from '../../support/alarm-row.ts';
import { type Served, served } from '../../support/http/served.ts';
import { cameraStatus, NETWORK, recorderStatus, streamStatus } from '../../support/sample-status.ts';

const failures: unknown[] = [];
const appOf = async (readStatus: () => Promise<RecorderStatus>, book: AlarmRow[] = []) =>
  served(healthRoutes({ readStatus, readAlarms: () => book, failed: (error) => failures.push(error) }));
const well = await appOf(async () => recorderStatus());
const silent = await appOf(async () => {
  throw new GirokError('recorder_not_running');
});
const ask = async (one: Served | Promise<Served>, url: string) => (await one).ask(url);

describe('GET /healthz', () => {
  it('is 200 while the recorder answers and every pulled camera records', async () => {
    const answer = await ask(well, '/healthz');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ healthy: true, reasons: [], alarms: [] });
  });

  it('is 503 with the reason when no recorder answers', async () => {
    const answer = await ask(silent, '/healthz');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({
      healthy: false,
      reasons: [{ kind: 'recorder_not_running' }],
      alarms: [],
    });
  });

  it('shows the alarms of all processes, of the recorder what it says itself while it runs', async () => {
    const since = '2026-11-22T02:59:31.000Z';
    const status = recorderStatus({ alarms: [{ code: 'disk_full', subject: '', since, facts: {} }] });
    const book = [
      alarmRow({ process: 'recorder', alarm: 'camera_clock_off', subject: 'cam02' }),
      alarmRow({ process: 'steward', alarm: 'ledger_unmirrored' }),
      alarmRow({ process: 'purge', alarm: 'erasing_waits' }),
    ];
    const shown = async (app: Promise<Served>) =>
      (await ask(app, '/healthz'))
        .json()
        .alarms.map((one: Record<string, string>) => `${one.process} ${one.alarm} ${one.severity}`)
        .sort();
    expect(await shown(appOf(async () => status, book))).toEqual([
      'purge erasing_waits serious',
      'recorder disk_full serious',
      'steward ledger_unmirrored warning',
    ]);
    const away = appOf(async () => {
      throw new GirokError('recorder_not_running');
    }, book);
    expect(await shown(away)).toEqual([
      'purge erasing_waits serious',
      'recorder camera_clock_off warning',
      'steward ledger_unmirrored warning',
    ]);
    expect((await ask(away, '/metrics')).body).toContain(
      'girok_alarm{alarm="erasing_waits",subject="",process="purge",severity="serious"} 1\n',
    );
  });

  it('is 503 and names each stream that does not record, the full disk and a failed recovery', async () => {
    const sick = recorderStatus({
      cameras: [
        cameraStatus('cam01'),
        cameraStatus('cam02', {
          streams: [streamStatus({ camera: 'cam02', state: 'waiting' }), streamStatus({ stream: 'sub' })],
        }),
        cameraStatus('cam03', { streams: [] }),
        cameraStatus('cam04', { pulled: false, streams: [] }),
        // Its pictures arrive, and nobody keeps them.
        cameraStatus('cam05', {
          streams: [streamStatus({ gap: { since: '2026-11-22T02:59:31.000Z', cause: 'disk' } })],
        }),
      ],
      disk: { ...recorderStatus().disk, room: false },
      recovery: { state: 'failed', files: 1, restored: 0, findings: 1 },
    });
    const answer = await ask(
      appOf(async () => sick),
      '/healthz',
    );
    expect(answer.statusCode).toBe(503);
    expect(answer.json().reasons).toEqual([
      { kind: 'camera_not_recording', camera: 'cam02', stream: 'main' },
      { kind: 'camera_not_recording', camera: 'cam03' },
      { kind: 'camera_not_recording', camera: 'cam05', stream: 'main' },
      { kind: 'disk_full' },
      { kind: 'recovery_failed' },
    ]);
  });

  it('does not call a recorder of another version healthy, and says so in the log', async () => {
    const answer = await ask(
      appOf(async () => {
        throw new GirokError('internal', { reason: 'version' });
      }),
      '/healthz',
    );
    expect(answer.statusCode).toBe(503);
    expect(failures.at(-1)).toMatchObject({ code: 'internal' });
  });
});

describe('GET /metrics', () => {
  it('tells every figure per camera and stream', async () => {
    const answer = await ask(well, '/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const line of [
      'girok_recorder_up 1',
      'girok_camera_recording{camera="cam01"} 1',
      'girok_stream_state{camera="cam01",stream="main",state="recording"} 1',
      'girok_stream_state{camera="cam01",stream="main",state="waiting"} 0',
      'girok_stream_fps{camera="cam01",stream="main"} 15',
      'girok_stream_bits_per_second{camera="cam01",stream="sub"} 4000000',
      'girok_stream_gaps_total{camera="cam01",stream="main"} 2',
      'girok_stream_gap_seconds_total{camera="cam01",stream="main"} 7.5',
      'girok_stream_open_gap_seconds{camera="cam01",stream="main"} 0',
      'girok_stream_durable_age_seconds{camera="cam01",stream="main"} 0.9',
      'girok_stream_backlog_bytes{camera="cam01",stream="main"} 4096',
      'girok_stream_reconnects_total{camera="cam01",stream="main"} 3',
      'girok_stream_key_frame_interval_seconds{camera="cam01",stream="main"} 1',
      'girok_disk_free_bytes 500000000000',
      'girok_forecast_days 10.7',
      'girok_forecast_fits 0',
      'girok_catalogue_backlog 3',
      'girok_catalogue_last_commit_seconds 0.012',
      'girok_spool_waiting 0',
      'girok_recorder_rss_bytes 90000000',
    ])
      expect(answer.body.split('\n')).toContain(line);
  });

  it('counts an open gap up and shows standing alarms', async () => {
    const gap = { since: '2026-11-22T02:59:31.000Z', cause: 'network' };
    const status = recorderStatus({
      cameras: [cameraStatus('cam01', { clockOffsetMs: -2500, streams: [streamStatus({ gap })] })],
      alarms: [{ code: 'camera_clock_off', subject: 'cam01', since: gap.since, facts: {} }],
    });
    const { body } = await ask(
      appOf(async () => status),
      '/metrics',
    );
    expect(body).toContain('girok_stream_open_gap_seconds{camera="cam01",stream="main"} 30\n');
    expect(body).toContain('girok_camera_clock_offset_seconds{camera="cam01"} -2.5\n');
    expect(body).toContain(
      'girok_alarm{alarm="camera_clock_off",subject="cam01",process="recorder",severity="warning"} 1\n',
    );
  });

  it('tells who pulls each stream and what the network did to it', async () => {
    const status = recorderStatus({
      cameras: [
        cameraStatus('cam01', {
          streams: [
            streamStatus({ source: 'rtsp', network: NETWORK }),
            streamStatus({ stream: 'sub', source: 'ffmpeg' }),
          ],
        }),
      ],
    });
    const { body } = await ask(
      appOf(async () => status),
      '/metrics',
    );
    for (const line of [
      'girok_stream_source{camera="cam01",stream="main",source="rtsp"} 1',
      'girok_stream_source{camera="cam01",stream="main",source="ffmpeg"} 0',
      'girok_stream_source{camera="cam01",stream="sub",source="ffmpeg"} 1',
      'girok_rtp_packets_total{camera="cam01",stream="main"} 99988',
      'girok_rtp_packets_missing_total{camera="cam01",stream="main"} 12',
      'girok_rtp_packets_reordered_total{camera="cam01",stream="main"} 5',
      'girok_rtp_packets_duplicate_total{camera="cam01",stream="main"} 4',
      'girok_rtp_packets_foreign_total{camera="cam01",stream="main"} 3',
      'girok_frames_damaged_total{camera="cam01",stream="main"} 2',
      'girok_rtp_jitter_seconds{camera="cam01",stream="main"} 0.0015',
      'girok_rtp_sender_clock_offset_seconds{camera="cam01",stream="main"} -2.5',
      'girok_rtp_clock_drift_ppm{camera="cam01",stream="main"} 40',
    ])
      expect(body.split('\n')).toContain(line);
    expect(body).not.toMatch(/^girok_(rtp|frames).*stream="sub"/m);
  });

  it('is still there when no recorder runs, so that its absence can be alarmed', async () => {
    const answer = await ask(silent, '/metrics');
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('girok_recorder_up 0');
    expect(answer.body).not.toContain('girok_stream');
  });

  it('leaves out what is not known', async () => {
    const { forecast: _none, ...without } = recorderStatus({ cameras: [] });
    const { body } = await ask(
      appOf(async () => without),
      '/metrics',
    );
    expect(body).not.toMatch(/^girok_forecast_days/m);
  });
});
