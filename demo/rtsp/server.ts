import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Cancel, Clock } from '../../src/lib/clock.ts';
import type { ClinicCamera, DemoStream } from '../clinic.ts';
import type { Login } from '../digest.ts';
import type { FaultBoard } from '../faults.ts';
import { createConversation } from './conversation.ts';
import type { Slab } from './packets.ts';
import type { ServedLog } from './served.ts';
import { createSession, type Session } from './session.ts';
import type { CameraStream } from './stream.ts';
import { bindUdpPair, type UdpPair } from './udp-pair.ts';

/** One camera's RTSP server (RFC 2326). */
export interface RtspServer {
  /** Opens the port (again, after {@link close}). @returns the port that was taken. */
  listen(): Promise<number>;
  /** Closes the port and resets every connection; sessions end. */
  close(): Promise<void>;
  /** Resets every connection; the port stays open. */
  reset(): void;
}

export interface RtspServerDeps {
  readonly clock: Clock;
  readonly faults: FaultBoard;
  readonly login: Login;
  readonly log: ServedLog;
  readonly slab: Slab;
  readonly random: () => number;
}

export interface RtspServerOptions {
  readonly camera: ClinicCamera;
  readonly streams: ReadonlyMap<DemoStream, CameraStream>;
  readonly address: string;
  readonly port: number;
  readonly sessionTimeoutS: number;
  readonly backlogBytes: number;
}

/** What a conversation may ask of its server. */
export interface SessionTable {
  get(id: string): Session | undefined;
  begin(stream: CameraStream, transport: 'tcp' | 'udp', remote: string): Session;
  end(session: Session): void;
  udp(): Promise<UdpPair>;
}

const REPORT_MS = 5000;

export function createRtspServer(deps: RtspServerDeps, options: RtspServerOptions): RtspServer {
  const { clock, faults, log } = deps;
  const { camera } = options;
  const sessions = new Map<string, Session>();
  const sockets = new Set<Socket>();
  const timers: Cancel[] = [];
  let server: Server | undefined;
  let pair: Promise<UdpPair> | undefined;
  let port = options.port;

  const table: SessionTable = {
    get: (id) => sessions.get(id),
    begin(stream, transport, remote) {
      const id = randomBytes(8).toString('hex').toUpperCase();
      const served = log.begin({ id, camera: camera.id, stream: stream.kind, transport, remote });
      const session = createSession({
        id,
        stream,
        served,
        faults,
        slab: deps.slab,
        random: deps.random,
        backlogBytes: options.backlogBytes,
        heardMonoUs: clock.monoUs(),
      });
      sessions.set(id, session);
      return session;
    },
    end(session) {
      session.close();
      sessions.delete(session.id);
    },
    udp() {
      pair ??= bindUdpPair(options.address, heardFrom);
      return pair;
    },
  };

  function heardFrom(remotePort: number): void {
    for (const session of sessions.values()) {
      const { video } = session;
      if (video?.kind === 'udp' && (video.rtp === remotePort || video.rtcp === remotePort))
        session.heardMonoUs = clock.monoUs();
    }
  }

  function dropSilentSessions(): void {
    const oldest = clock.monoUs() - options.sessionTimeoutS * 1e6;
    for (const session of [...sessions.values()]) {
      if (session.heardMonoUs >= oldest) continue;
      table.end(session);
      if (session.video?.kind === 'tcp') session.video.socket.destroy();
    }
  }

  function accept(socket: Socket): void {
    if (faults.find(camera.id, undefined, 'reset')) {
      socket.resetAndDestroy();
      return;
    }
    socket.setNoDelay(true);
    sockets.add(socket);
    const conversation = createConversation({ ...options, port, ...deps, table }, socket);
    socket.on('data', (bytes: Buffer) => conversation.read(bytes));
    // A reset by the client is the end of the connection and nothing more; 'close' follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      conversation.end();
    });
  }

  const reset = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };

  return {
    async listen() {
      server = createServer(accept);
      server.listen(port, options.address);
      await once(server, 'listening');
      const bound = server.address();
      if (bound && typeof bound === 'object') port = bound.port;
      timers.push(
        clock.every(REPORT_MS, () => {
          for (const session of sessions.values()) session.report(clock.utcUs());
        }),
        clock.every(1000, dropSilentSessions),
      );
      return port;
    },
    async close() {
      for (const cancel of timers.splice(0)) cancel();
      const closing = server;
      server = undefined;
      const closed = closing ? once(closing, 'close') : undefined;
      closing?.close();
      reset();
      for (const session of [...sessions.values()]) table.end(session);
      await closed;
      const old = pair;
      pair = undefined;
      (await old)?.close();
    },
    reset,
  };
}
