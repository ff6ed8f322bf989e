import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { stampsOfSample } from '../../../demo/sei.ts';
import { startSimulatedSite } from '../../../demo/site.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { watchLateness } from '../../../src/recording/lateness.ts';
import { createRtspSource } from '../../../src/recording/rtsp-source.ts';
import type { MediaSource, SourceEvents } from '../../../src/recording/source.ts';
import { accountFrames, type FrameAccount, sessionsOf } from '../frame-account.ts';
import { changeConversation } from './change-conversation.ts';
import { type Chances, createChances } from './random.ts';
import { readRecordings } from './recordings.ts';

export interface BesideHostileCameras {
  /** The good camera's frames. */
  readonly account: FrameAccount;
  /** Between two of its fragments. */
  readonly largestGapMs: number;
  /** Hostile sessions that ended, by why they ended; each ends once. */
  readonly ends: Readonly<Record<string, number>>;
  readonly hostileEnds: number;
}

const AT_ONCE = 8;
/** A session that plays on after everything has been said is ended. */
const LONGEST_MS = 400;

/**
 * One source in this process pulls a good camera and, at the same time, changed conversations from a server that
 * hangs up, resets or says nothing more in the end.
 */
export async function runBesideHostileCameras(options: {
  readonly conversations: number;
  readonly seed: number;
}): Promise<BesideHostileCameras> {
  const chances = createChances(options.seed);
  const site = await startSimulatedSite({
    profile: 'small',
    count: 1,
    addresses: 'one',
    rtspPort: 0,
    onvifPort: 0,
    discoveryPort: false,
  });
  const hostile = await startHostileServer(chances);
  const lateness = watchLateness(systemClock);
  const source = createRtspSource({ clock: systemClock, lateness });
  try {
    const login = { user: site.user, password: new Secret(site.password) };
    const good = watch(source, site.cameras[0]?.urls.main ?? '', login);
    await good.begun;
    const ends: Record<string, number> = {};
    let begun = 0;
    const attack = async () => {
      while (begun++ < options.conversations) {
        const cause = await pullHostile(source, `rtsp://127.0.0.1:${hostile.port}/main`, login, chances);
        ends[cause] = (ends[cause] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, attack));
    const untilUs = systemClock.utcUs();
    await good.stop();
    const account = accountFrames(sessionsOf(site.served(), 'cam01', 'main'), good.stamps, { untilUs });
    const hostileEnds = Object.values(ends).reduce((sum, each) => sum + each, 0);
    return { account, largestGapMs: good.largestGapUs() / 1000, ends, hostileEnds };
  } finally {
    lateness.stop();
    await hostile.close();
    await site.stop();
  }
}

type Login = NonNullable<Parameters<MediaSource['open']>[0]['login']>;

function watch(source: MediaSource, url: string, login: Login) {
  const stamps: ReturnType<typeof stampsOfSample> = [];
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let latestUs: number | undefined;
  let largestGapUs = 0;
  const session = source.open(
    { url, login, transport: 'tcp', client: 'rtsp' },
    {
      alive: () => undefined,
      init: () => begun.resolve(),
      fragment({ bytes, facts, receivedMonoUs, release }) {
        for (const { offset, bytes: length } of facts.samples)
          stamps.push(...stampsOfSample('h264', bytes.subarray(offset, offset + length)));
        largestGapUs = Math.max(largestGapUs, receivedMonoUs - (latestUs ?? receivedMonoUs));
        latestUs = receivedMonoUs;
        release?.();
      },
      ended: () => ended.resolve(),
    },
  );
  return {
    begun: begun.promise,
    stamps,
    largestGapUs: () => largestGapUs,
    stop() {
      largestGapUs = Math.max(largestGapUs, systemClock.monoUs() - (latestUs ?? 0));
      session.stop();
      return ended.promise;
    },
  };
}

/** @returns why it ended */
function pullHostile(source: MediaSource, url: string, login: Login, chances: Chances): Promise<string> {
  return new Promise((resolve, reject) => {
    let over = false;
    const events: SourceEvents = {
      alive: () => undefined,
      init: () => undefined,
      fragment: ({ release }) => release?.(),
      ended({ cause }) {
        if (over) reject(new Error('a session ended twice'));
        over = true;
        resolve(cause);
      },
    };
    const transport = chances.pick(['tcp', 'auto', 'auto', 'udp'] as const);
    const session = source.open({ url, login, transport, client: 'rtsp' }, events);
    const timer = setTimeout(() => session.stop(), 1 + chances.below(LONGEST_MS));
    timer.unref();
  });
}

interface HostileServer {
  readonly port: number;
  close(): Promise<void>;
}

async function startHostileServer(chances: Chances): Promise<HostileServer> {
  const recordings = readRecordings();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    // The answers name the requests by their numbers, so all of them may come before the second is asked.
    socket.once('data', () => {
      socket.write(changeConversation(recordings, chances));
      const how = chances.below(3);
      if (how === 0) socket.end();
      else if (how === 1) socket.once('drain', () => socket.resetAndDestroy());
      socket.resume();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
