import { Secret } from '../../../src/lib/secret.ts';
import { createRtspSource } from '../../../src/recording/rtsp-source.ts';
import type { ConnectionEvents, OpenConnection } from '../../../src/rtsp/connection.ts';
import { createManualClock } from '../manual-clock.ts';
import { createBehindSource, SPOILT } from './behind-source.ts';
import { changeConversation } from './change-conversation.ts';
import { type Family, must } from './family.ts';
import type { Chances } from './random.ts';
import type { Recording } from './recordings.ts';

const LOGIN = { user: 'girok', password: new Secret('geheim-7319') };
/** A request with a URL, a session id, a nonce, a realm and an opaque of the camera's, each as long as may be. */
const LONGEST_REQUEST_BYTES = 100_000;
/** Between two reads: nothing, a picture, a keep-alive and its answer. */
const STEPS_MS = [1, 20, 66, 66, 66, 500, 31_000];
/** Reads as a network makes them. */
const READ_BYTES = [1, 7, 100, 1460, 16_384, 262_144];

/**
 * Whole conversations, fed to our own source in place of a connection. It ends exactly once, leaves no timer
 * behind, and says nothing to the camera but well-formed requests.
 */
export function createConversations(recordings: readonly Recording[]): Family {
  return {
    name: 'conversations',
    share: 10,
    make: (chances) => [changeConversation(recordings, chances)],
    async take([bytes = Buffer.alloc(0)], chances) {
      const clock = createManualClock();
      const behind = createBehindSource();
      const network = createPlayback(bytes, chances);
      const lateness = { lately: () => false, stop: () => undefined };
      let ends = 0;
      const source = createRtspSource({ clock, lateness, connect: network.connect });
      const target = { url: 'rtsp://127.0.0.1:554/main', transport: chances.pick(['tcp', 'auto'] as const) };
      const alive = () => must(ends === 0, 'an event after the end');
      const session = source.open(
        { ...target, client: 'rtsp', ...(chances.once(8) ? {} : { login: LOGIN }) },
        {
          alive,
          init({ track }) {
            alive();
            behind.init(track);
          },
          fragment(fragment) {
            alive();
            behind.fragment(fragment);
            fragment.release?.();
          },
          ended: () => ends++,
        },
      );
      while (network.step() && ends === 0) clock.advance(chances.once(4) ? chances.pick(STEPS_MS) : 0);
      session.health();
      if (chances.once(2)) network.close();
      else if (chances.once(4)) clock.advance(130_000);
      session.stop();
      await undefined;
      clock.advance(1000);
      must(ends === 1, `ended ${ends} times`);
      must(clock.timers === 0, `${clock.timers} timers left behind`);
    },
  };
}

interface Playback {
  readonly connect: OpenConnection;
  /** Lets the next read arrive at the connection there is. @returns false when there is nothing more */
  step(): boolean;
  /** The camera closes the connection. */
  close(): void;
}

/** A network that brings these bytes, whatever is said. */
function createPlayback(bytes: Buffer, chances: Chances): Playback {
  // Larger than what is read, and spoilt after each read: nobody may have kept it.
  const memory = Buffer.alloc(65_536 + 16);
  const largest = chances.pick(READ_BYTES);
  let at = 0;
  let now: { events: ConnectionEvents; opened: boolean } | undefined;
  return {
    connect(_address, events) {
      const own = { events, opened: false };
      now = own;
      return {
        write: mustBeWellFormed,
        pause: () => undefined,
        resume: () => undefined,
        hangUp() {
          if (now === own) now = undefined;
        },
        // What insists on UDP ends here: sockets would make each input slower than all the rest.
        localAddress: undefined,
        remoteAddress: undefined,
      };
    },
    step() {
      if (!now) return false;
      if (!now.opened) {
        now.opened = true;
        now.events.opened();
        return true;
      }
      if (at >= bytes.length) return false;
      // Single bytes are only of interest in heads, and slow.
      const most = at < 4000 ? largest : Math.max(largest, 1000);
      const size = Math.min(bytes.length - at, 1 + chances.below(most), 65_536);
      const start = chances.below(16);
      bytes.copy(memory, start, at, at + size);
      at += size;
      now.events.read(memory, start, start + size);
      memory.fill(SPOILT, start, start + size);
      return true;
    },
    close() {
      const { events } = now ?? {};
      now = undefined;
      events?.closed('connection_closed');
    },
  };
}

/** One request with one blank line at its end and no other control character than its line ends, or one frame. */
function mustBeWellFormed(bytes: Buffer): void {
  if (bytes[0] === 0x24) {
    must(bytes.length === 4 + bytes.readUInt16BE(2), 'a frame of another length');
    return;
  }
  must(bytes.length <= LONGEST_REQUEST_BYTES, `a request of ${bytes.length} bytes`);
  const text = bytes.toString('latin1');
  must(text.indexOf('\r\n\r\n') === text.length - 4, 'more than one request');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  must(!/[\0-\x1f\x7f]/.test(text.replaceAll('\r\n', '')), 'a control character in a request');
  must(/^([A-Z_]+ \S+ RTSP\/1\.0|RTSP\/1\.0 \d{3} [A-Za-z ]+)\r\n/.test(text), 'not a request');
  must(!text.includes('geheim-7319'), 'the password in the clear');
}
