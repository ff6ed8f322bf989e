import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '../src/lib/clock.ts';
import type { CameraId } from '../src/lib/ids.ts';
import { type CameraPower, createCameraPower, streamUrls } from './camera.ts';
import { CLINIC_SIZE, type ClinicCamera, clinicCameras, type DemoStream } from './clinic.ts';
import { createChoiceLogin, createLogin, type LoginScheme } from './digest.ts';
import { createFaultBoard, type FaultBoard } from './faults.ts';
import { createOnvifDevice } from './onvif/device.ts';
import { DISCOVERY_PORT, type Discovery, startDiscovery } from './onvif/discovery.ts';
import { DEVICE_PATH } from './onvif/replies.ts';
import { createQuirkBoard, type QuirkBoard, type QuirkKind } from './quirks.ts';
import { createSelfSigned } from './rtsp/certificate.ts';
import { startPacer } from './rtsp/pacer.ts';
import { createSlab } from './rtsp/packets.ts';
import { createServedLog, type ServedSession } from './rtsp/served.ts';
import { createRtspServer } from './rtsp/server.ts';
import { type CameraStream, createCameraStream, type StreamTracks } from './rtsp/stream.ts';
import { firstFrames, prepareTrack, type ServedTrack } from './rtsp/track.ts';
import { openLibrary, type Progress, type Scene } from './scenes/library.ts';
import { FPS, LONG_GOP_FRAMES, PROFILES, type ProfileName } from './scenes/profile.ts';

export interface SiteOptions {
  readonly profile?: ProfileName;
  /** Cameras, 1…512 (with `each` at most to the last byte's end); beyond 13 the rooms come again under their own numbers. */
  readonly count?: number;
  /** `each`: camera n has 127.0.0.(100 + n); `one`: all share 127.0.0.1 and differ by port. */
  readonly addresses?: 'each' | 'one';
  /** First address with `each`. */
  readonly baseAddress?: string;
  /** 0 lets the system choose; with `one` and a fixed port, camera n has port + n − 1. */
  readonly rtspPort?: number;
  readonly onvifPort?: number;
  /** WS-Discovery: its port (0: chosen by the system), or `false` for none. */
  readonly discoveryPort?: number | false;
  /** Folder of the scene cache. */
  readonly cache?: string;
  readonly user?: string;
  readonly password?: string;
  readonly login?: LoginScheme;
  /** Of all cameras; `site.quirks` changes them one by one. */
  readonly quirks?: readonly QuirkKind[];
  /** RTSP inside TLS, with a certificate that each start signs anew: `rtsps://` addresses. */
  readonly tls?: boolean;
  readonly sessionTimeoutS?: number;
  /** Unsent bytes per client above which frames are dropped. */
  readonly backlogBytes?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface SimulatedCamera {
  readonly id: CameraId;
  readonly number: number;
  readonly name: ClinicCamera['name'];
  readonly codec: 'h264' | 'h265';
  readonly address: string;
  readonly rtspPort: number;
  readonly onvifPort: number;
  /** The ONVIF device service, `http://address:port/onvif/device_service`. */
  readonly onvif: string;
  /** PEM, with the option `tls`. */
  readonly certificate?: string;
  /** Without credentials: `rtsp://address:port/main` and so on. */
  readonly urls: Readonly<Record<DemoStream, string>>;
}

export interface SimulatedSite {
  readonly cameras: readonly SimulatedCamera[];
  readonly user: string;
  readonly password: string;
  readonly faults: FaultBoard;
  readonly quirks: QuirkBoard;
  /** Where WS-Discovery answers; undefined when it was not wanted. */
  readonly discovery: { readonly port: number; readonly multicast: boolean } | undefined;
  /** Every session so far with the frame numbers it was sent. */
  served(): readonly ServedSession[];
  /** Closes all ports and connections. */
  stop(): Promise<void>;
}

/** Under the repository's root, from the sources as from the build (`dist/demo`). */
export const DEFAULT_CACHE = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../.girok/scenes' : '../../.girok/scenes', import.meta.url),
);
export const DEFAULT_USER = 'girok';
export const DEFAULT_PASSWORD = 'girok-demo';

/**
 * Starts the clinic: draws the scenes if the cache lacks them, then serves them in real time.
 *
 * @throws the signal's reason when aborted; the system's error when a port is taken (nothing stays open).
 */
export async function startSimulatedSite(options: SiteOptions = {}): Promise<SimulatedSite> {
  const {
    profile = 'small',
    count = CLINIC_SIZE,
    cache = DEFAULT_CACHE,
    clock = systemClock,
    random = Math.random,
  } = options;
  const {
    user = DEFAULT_USER,
    password = DEFAULT_PASSWORD,
    addresses = 'each',
    baseAddress = '127.0.0.101',
  } = options;
  const library = await openLibrary({
    profile: PROFILES[profile],
    cache,
    rooms: Math.min(count, CLINIC_SIZE),
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
  });
  const night = prepareTrack(library.night);
  const long = prepareTrack(library.long);
  const extras = {
    night,
    long,
    longGroup: firstFrames(long, LONG_GOP_FRAMES),
    bFrames: prepareTrack(library.bFrames),
  };
  const touched = {
    turned: prepareTrack(library.touched.turned),
    covered: prepareTrack(library.touched.covered),
  };
  const rooms = library.scenes.map((scene, room) =>
    tracksOf(scene, room === 0 ? { ...extras, touched } : extras),
  );

  const faults = createFaultBoard(clock);
  const quirks = createQuirkBoard(options.quirks);
  const log = createServedLog();
  const slab = createSlab();
  const login = createLogin(options.login ?? 'digest', user, password);
  const choiceLogin = createChoiceLogin(user, password);
  const startMonoUs = clock.monoUs();
  const streams: CameraStream[] = [];
  const devices: Device[] = [];

  for (const camera of clinicCameras(count)) {
    const room = (camera.number - 1) % CLINIC_SIZE;
    const tracks = rooms[room]!;
    const own = new Map<DemoStream, CameraStream>();
    for (const [kind, streamTracks] of Object.entries(tracks) as [DemoStream, StreamTracks][]) {
      const phaseUs = Math.floor(((camera.number - 1) * 1e6) / FPS / count);
      const place = { camera, kind, tracks: streamTracks, startMonoUs, phaseUs };
      own.set(kind, createCameraStream({ clock, faults, quirks }, place));
    }
    streams.push(...own.values());
    const address = addresses === 'one' ? '127.0.0.1' : nthAddress(baseAddress, camera.number - 1);
    const portOf = (first: number) => (addresses === 'one' && first > 0 ? first + camera.number - 1 : first);
    const tls = options.tls ? createSelfSigned(address, clock.utcUs()) : undefined;
    const rtsp = createRtspServer(
      { clock, faults, quirks, login, choiceLogin, log, slab, random },
      {
        camera,
        streams: own,
        address,
        port: portOf(options.rtspPort ?? 8554),
        ...(tls ? { tls } : {}),
        sessionTimeoutS: options.sessionTimeoutS ?? 60,
        backlogBytes: options.backlogBytes ?? 2_000_000,
      },
    );
    const ports = { rtspPort: 0, onvifPort: 0 };
    const onvif = createOnvifDevice(
      { clock, faults, login, account: { user, password } },
      {
        address,
        port: portOf(options.onvifPort ?? 8080),
        facts: { camera, main: tracks.main.usual, sub: tracks.sub.usual },
        scheme: tls ? 'rtsps' : 'rtsp',
        rtspPort: () => ports.rtspPort,
        snapshot: library.scenes[room]!.snapshot,
      },
    );
    devices.push({
      camera,
      address,
      ports,
      certificate: tls?.certificate,
      power: createCameraPower({ clock, faults }, camera, rtsp, onvif),
    });
  }

  const stopPacer = startPacer(clock, streams);
  let discovery: Discovery | undefined;
  const stop = async () => {
    stopPacer();
    faults.clear();
    await discovery?.stop();
    await Promise.all(devices.map((device) => device.power.off()));
  };
  try {
    for (const device of devices) Object.assign(device.ports, await device.power.on());
    const { discoveryPort = DISCOVERY_PORT } = options;
    if (discoveryPort !== false) {
      const found = devices.map(({ camera, address, ports }) => ({
        camera,
        address,
        onvifPort: ports.onvifPort,
      }));
      const silent = (id: string) => faults.find(id, undefined, 'reboot') !== undefined;
      discovery = await startDiscovery(() => found, { port: discoveryPort, silent });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const cameras = devices.map(({ camera, address, ports, certificate }) => ({
    ...camera,
    address,
    ...ports,
    onvif: `http://${address}:${ports.onvifPort}${DEVICE_PATH}`,
    ...(certificate ? { certificate } : {}),
    urls: streamUrls(address, ports.rtspPort, certificate ? 'rtsps' : 'rtsp'),
  }));
  return { cameras, user, password, faults, quirks, discovery, served: () => log.list(), stop };
}

interface Device {
  readonly camera: ClinicCamera;
  readonly address: string;
  readonly ports: { rtspPort: number; onvifPort: number };
  readonly certificate: string | undefined;
  readonly power: CameraPower;
}

interface ExtraTracks {
  readonly night: ServedTrack;
  readonly long: ServedTrack;
  readonly longGroup: ServedTrack;
  readonly bFrames: ServedTrack;
  readonly touched?: NonNullable<StreamTracks['touched']>;
}

function tracksOf(scene: Scene, extras: ExtraTracks): Record<DemoStream, StreamTracks> {
  const { night, long, longGroup, bFrames, touched } = extras;
  const [main, sub] = [prepareTrack(scene.main), prepareTrack(scene.sub)];
  const changed = scene.main.codec === 'h265' ? prepareTrack(scene.changed) : sub;
  return {
    main: {
      ...{ usual: main, changed, misleading: changed },
      ...(main.codec === 'h264' ? { long, longGroup, bFrames } : {}),
    },
    sub: { usual: sub, changed: night, misleading: long, ...(touched && { touched }) },
    night: { usual: night, changed: sub, misleading: long },
  };
}

/** @throws RangeError outside 127.0.0.0/8 or past the last byte. */
function nthAddress(base: string, n: number): string {
  const parts = base.split('.').map(Number);
  const last = (parts[3] ?? Number.NaN) + n;
  if (parts.length !== 4 || parts[0] !== 127 || !(last <= 254))
    throw new RangeError(`not a loopback address for camera ${n + 1}: ${base}`);
  return [...parts.slice(0, 3), last].join('.');
}
