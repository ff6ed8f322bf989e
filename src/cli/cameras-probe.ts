import { createAddressPolicy } from '../cameras/address-policy.ts';
import { systemLookup } from '../cameras/lookup.ts';
import { createOnvif } from '../cameras/onvif/onvif.ts';
import { type ProbedStream, probeStream } from '../cameras/probe.ts';
import { findingsOf, type ProbeFinding, WATCH_SECONDS } from '../cameras/probe-findings.ts';
import { type ResolvedCamera, resolveCamera } from '../cameras/stream-source.ts';
import type { CameraConfig } from '../config/config.ts';
import { createNetworks } from '../config/networks.ts';
import { pullDecision } from '../config/pull-decision.ts';
import { createSecrets } from '../config/secrets.ts';
import { ensureSimulatedSitePassword } from '../config/simulated-site.ts';
import { GirokError } from '../lib/errors.ts';
import type { StreamKind } from '../lib/ids.ts';
import { columns } from './columns.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';

export const camerasProbe: Command = {
  name: 'cameras probe',
  summary: {
    ko: '카메라 한 대에 접속하여 영상 형식, 크기, 키 프레임 간격, 시계 차이를 살펴봅니다.',
    en: 'Connects to one camera and looks at its coding, size, key frames and clock.',
  },
  usage: 'ID',
  examples: ['npm run -s girok -- cameras probe cam01', 'npm run -s girok -- cameras probe cam01 --json'],
  options: {},
  positionals: { min: 1, max: 1 },
  json: '{ camera, device?: { manufacturer?, model?, firmware?, serial? }, clockOffsetMs?, streams: [{ stream: "main"|"sub", url, codec, width, height, frames, fps?, bitsPerSecond?, keyFrameSeconds: number[] }], warnings: [{ stream?, kind, sentence }] }; exit code 1 with warnings',
  async run(context) {
    const { words } = context;
    const config = context.config();
    const [id = ''] = context.positionals;
    const camera = config.cameras.find((candidate) => candidate.id === id);
    if (!camera) throw new GirokError('unknown_camera', { camera: id });
    refuseForbidden(camera, context);
    await ensureSimulatedSitePassword(config);
    context.progress(words.cameras.probing({ camera: id }));
    const resolved = await resolveCamera(camera, {
      policy: createAddressPolicy({ networks: createNetworks(config.cameraNetworks), lookup: systemLookup }),
      onvif: createOnvif(),
      secrets: createSecrets({ env: context.env, uid: process.getuid?.() ?? 0 }),
    });
    const [main, sub] = await Promise.all([
      probeStream(resolved.main, WATCH_SECONDS, context),
      resolved.sub && probeStream(resolved.sub, WATCH_SECONDS, context),
    ]).catch(named(id));
    const streams: [StreamKind, string, ProbedStream][] = [
      ['main', resolved.main.url, main],
      ...(resolved.sub && sub ? [['sub', resolved.sub.url, sub] as [StreamKind, string, ProbedStream]] : []),
    ];
    const watched = streams.map(([stream, , probed]) => [stream, probed] as const);
    const warnings = findingsOf(resolved, watched).map((finding) => ({
      ...finding,
      sentence: words.cameras.warning[finding.kind],
    }));
    context.result(
      {
        camera: id,
        ...(resolved.device ? { device: resolved.device } : {}),
        ...(resolved.clockOffsetMs === undefined ? {} : { clockOffsetMs: resolved.clockOffsetMs }),
        streams: streams.map(([stream, url, { warnings: _told, ...probed }]) => ({ stream, url, ...probed })),
        warnings,
      },
      report(context, resolved, streams, warnings),
    );
    return warnings.length > 0 ? EXIT.failure : EXIT.ok;
  },
};

/** Looking is pulling: what may not be recorded may not be looked at either. A camera switched off may. */
function refuseForbidden(camera: CameraConfig, { words, usageError }: CommandContext): void {
  const { why } = pullDecision(camera, true);
  if (why === 'prohibited') throw usageError(`${camera.id}: ${words.cameras.zone.prohibited}.`);
  if (why === 'operating_room_unconfirmed')
    throw usageError(words.config.warnings.operating_room_unconfirmed({ camera: camera.id }));
}

function report(
  context: CommandContext,
  resolved: ResolvedCamera,
  streams: readonly [StreamKind, string, ProbedStream][],
  warnings: readonly (ProbeFinding & { sentence: string })[],
): string {
  const { probed } = context.words.cameras;
  const { device, clockOffsetMs } = resolved;
  const seconds = (value: number) => probed.seconds({ seconds: value.toFixed(2) });
  return [
    columns([
      [
        probed.device,
        [device?.manufacturer, device?.model, device?.firmware].filter(Boolean).join(' ') || probed.unknown,
      ],
      [probed.clock, clockOffsetMs === undefined ? probed.unknown : seconds(clockOffsetMs / 1000)],
      ...streams.flatMap(([stream, url, seen]) => [
        [`${probed.stream} ${stream}`, describe(seen)],
        ['', url],
        [
          probed.keyFrames,
          seen.keyFrameSeconds.length === 0 ? probed.unknown : seconds(Math.max(...seen.keyFrameSeconds)),
        ],
      ]),
    ]),
    ...warnings.map(({ stream, sentence }) => `! ${stream ? `${stream}: ` : ''}${sentence}`),
  ].join('\n');
}

const describe = ({ codec, width, height, fps, bitsPerSecond }: ProbedStream): string =>
  [
    codec,
    `${width}×${height}`,
    ...(fps === undefined ? [] : [`${fps.toFixed(1)} fps`]),
    ...(bitsPerSecond === undefined ? [] : [`${(bitsPerSecond / 1e6).toFixed(2)} Mbit/s`]),
  ].join(', ');

const named =
  (camera: string) =>
  (error: unknown): never => {
    if (!(error instanceof GirokError)) throw error;
    throw new GirokError(error.code, { camera, ...error.facts }, { cause: error });
  };
