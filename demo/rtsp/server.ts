import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Cancel, Clock } from '../../src/lib/clock.ts';
import type { ClinicCamera, DemoStream } from '../clinic.ts';
import type { Login } from '../digest.ts';
import type { FaultBoard } from '../faults.ts';
import type { QuirkBoard, Quirks } from '../quirks.ts';
import type { SelfSigned } from './certificate.ts';
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
  readonly quirks: QuirkBoard;
  readonly login: Login;
  /** Of cameras that offer several ways to log in. */
  readonly choiceLogin: Login;
  readonly log: ServedLog;
  readonly slab: Slab;
  readonly random: () => number;
}

export interface RtspServerOptions {
  readonly camera: ClinicCamera;
  readonly streams: ReadonlyMap<DemoStream, CameraStream>;
  readonly address: string;
  readonly port: number;
  /** RTSP inside TLS (`rtsps`). */
  readonly tls?: SelfSigned;
  readonly sessionTimeoutS: number;
  readonly backlogBytes: number;
}

/** What a conversation may ask of its server. */
export interface SessionTable {
  get(id: string): Session | undefined;
  begin(stream: CameraStream, transport: 'tcp' | 'udp', remote: string, quirks: Quirks): Session;
  /** Gives a session another id; the one before it stays good. */
  rename(session: Session): string;
  /** Sessions that live. */
  size(): number;
  end(session: Session): void;
  udp(): Promise<UdpPair>;
}

const REPORT_MS = 5000;

const newId = () => randomBytes(8).toString('hex').toUpperCase();

export function createRtspServer(deps: RtspServerDeps, options: RtspServerOptions): RtspServer {
  const { clock, faults, log } = deps;
  const { camera } = options;
  /** By the session's own id. */
  const sessions = new Map<string, Session>();
  /** Later ids of sessions, the latest last. */
  const names = new Map<string, Session>();
  const sockets = new Set<Socket>();
  const timers: Cancel[] = [];
  let server: Server | undefined;
  let pair: Promise<UdpPair> | undefined;
  let port = options.port;

  const table: SessionTable = {
    get: (id) => sessions.get(id) ?? names.get(id),
    size: () => sessions.size,
    begin(stream, transport, remote, quirks) {
      const id = newId();
      const served = log.begin({ id, camera: camera.id, stream: stream.kind, transport, remote });
      const session = createSession({
        id,
        stream,
        served,
        faults,
        quirks,
        slab: deps.slab,
        random: deps.random,
        backlogBytes: options.backlogBytes,
        heardMonoUs: clock.monoUs(),
      });
      sessions.set(id, session);
      return session;
    },
    rename(session) {
      const old = namesOf(session);
      for (const name of old.slice(0, -1)) names.delete(name);
      const name = newId();
      names.set(name, session);
      return name;
    },
    end(session) {
      session.close();
      sessions.delete(session.id);
      for (const name of namesOf(session)) names.delete(name);
    },
    udp() {
      pair ??= bindUdpPair(options.address, heardFrom);
      return pair;
    },
  };

  const namesOf = (session: Session) =>
    [...names].filter(([, named]) => named === session).map(([name]) => name);

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
    // The connection below TLS: that is the one to be reset.
    sockets.add(socket);
    const { tls } = options;
    const talk = tls ? new TLSSocket(socket, { isServer: true, secureContext: tls.context }) : socket;
    const quirks = deps.quirks.of(camera.id);
    const choice = quirks.has('challenges_many_headers') || quirks.has('challenges_one_header');
    const conversation = createConversation(
      {
        ...{ ...options, port, scheme: tls ? 'rtsps' : 'rtsp' },
        ...{ ...deps, table, quirks, login: choice ? deps.choiceLogin : deps.login },
      },
      talk,
    );
    talk.on('data', (bytes: Buffer) => conversation.read(bytes));
    // A reset by the client, or a handshake that failed, is the end of the connection and nothing more.
    for (const one of new Set([socket, talk])) one.on('error', () => undefined);
    talk.on('close', () => socket.destroy());
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
