import type { Clock } from '../lib/clock.ts';
import type { LiveEnd, LiveViewing } from './wall.ts';

/** Of a WebSocket (package ws, `@fastify/websocket`) what is needed here. */
export interface LiveSocket {
  send(data: Buffer, sent: (error?: Error | null) => void): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'close' | 'error', listener: () => void): unknown;
}

/** Why the socket was closed. */
export type PipeEnd = LiveEnd | 'left' | 'revoked';

export interface PipeOptions {
  readonly clock: Clock;
  /** Whole tags that are about to be sent; it may throw: then they are not. */
  onBytes(bytes: number): void;
  /** Whether this person may still see it. No, an error and no answer within two seconds are the same. */
  recheck(): boolean | Promise<boolean>;
}

/** Together with the wait for an answer less than the five seconds in which a revocation must cut. */
const RECHECK_MS = 2000;
const TERMINATE_MS = 500;

/** Close codes of RFC 6455 §7.4.1; the reason is the word itself. */
const CODES: Readonly<Record<PipeEnd, number>> = {
  left: 1000,
  cut: 1008,
  revoked: 1008,
  too_slow: 1013,
  live_unavailable: 1013,
  codec_not_live: 1003,
  closing: 1001,
};

/**
 * Sends a live picture to one socket until either ends, or the right to see it does. One message at a time: a
 * socket that is slow holds up its own viewing, which drops and at last is cut.
 */
export async function pipeToWebSocket(
  viewing: LiveViewing,
  socket: LiveSocket,
  { clock, onBytes, recheck }: PipeOptions,
): Promise<PipeEnd> {
  let end: PipeEnd | undefined;
  const finish = (why: PipeEnd) => {
    end ??= why;
    viewing.cut();
  };
  socket.on('close', () => finish('left'));
  // Its own 'close' follows.
  socket.on('error', () => finish('left'));
  void viewing.ended.then((why) => finish(why));

  let asking = false;
  const stopChecking = clock.every(RECHECK_MS, () => {
    // The answer before this one has not come.
    if (asking) return finish('revoked');
    asking = true;
    void answerOf(recheck).then((may) => {
      asking = false;
      if (!may) finish('revoked');
    });
  });
  const send = (piece: Buffer) =>
    Promise.race([
      viewing.ended,
      new Promise<void>((resolve) => socket.send(piece, (error) => (error ? finish('left') : resolve()))),
    ]);
  try {
    for await (const piece of viewing) {
      onBytes(piece.length);
      await send(piece);
    }
  } catch {
    // Who cannot account for it does not send it.
    finish('revoked');
  }
  const why = end ?? (await viewing.ended);
  stopChecking();
  socket.close(CODES[why], why);
  clock.after(TERMINATE_MS, () => socket.terminate());
  return why;
}

async function answerOf(recheck: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await recheck();
  } catch {
    // A right that cannot be shown is none.
    return false;
  }
}
