import type { Clock } from '../lib/clock.ts';
import type { RtspAddress } from './address.ts';
import { createAuthorizer } from './auth.ts';
import { openConnection } from './connection.ts';
import { numberOf, printMessage, type RtspReply, type RtspRequest } from './message.ts';
import { createQuestions } from './questions.ts';
import { createRtspReader, type RtspReaderEvents } from './reader.ts';
import { createRequestLimit } from './request-limit.ts';
import type { RtspEndReason, RtspTarget } from './session.ts';

export interface RelayCameraEvents extends Pick<RtspReaderEvents, 'packet'> {
  opened(): void;
  /** All packets of one read have been handed on. */
  readDone(): void;
  /** Once, unless it was closed by {@link RelayCamera.close}. */
  ended(reason: RtspEndReason): void;
}

/** The relay's connection with the camera: asks with the login, whoever asks. */
export interface RelayCamera {
  /** @returns undefined when no answer came in time, or the connection ended */
  ask(
    method: string,
    url: string,
    headers: readonly string[],
    waitMs?: number,
  ): Promise<RtspReply | undefined>;
  /** A channel that media comes on (see the reader). */
  expect(channel: number): void;
  /** Bytes as they are: interleaved frames. */
  send(bytes: Buffer): void;
  pause(): void;
  resume(): void;
  close(): void;
}

const ANSWER_MS = 8000;
const OPEN_QUESTIONS = 16;

export function openRelayCamera(
  address: RtspAddress,
  login: RtspTarget['login'],
  events: RelayCameraEvents,
  deps: { clock: Clock },
): RelayCamera {
  const unanswered = new Set<(reply: undefined) => void>();
  let over = false;
  const isTooMuch = createRequestLimit(deps.clock);
  const reader = createRtspReader({
    message(message) {
      if (message.kind === 'reply') questions.take(message);
      else answer(message);
    },
    packet: events.packet,
    broken: () => end('unreadable_stream'),
  });
  const connection = openConnection(
    address,
    {
      opened: events.opened,
      read(memory, start, to) {
        reader.push(memory, start, to);
        if (!over) events.readDone();
      },
      closed: end,
    },
    deps,
  );
  const questions = createQuestions(createAuthorizer(login), connection.write, deps);

  /** Some cameras ask whether we are still there. */
  function answer(request: RtspRequest): void {
    if (isTooMuch()) {
      end('unreadable_stream');
      return;
    }
    const ends = request.method === 'TEARDOWN';
    const known = ends || request.method === 'OPTIONS' || request.method === 'GET_PARAMETER';
    const status = known ? 'RTSP/1.0 200 OK' : 'RTSP/1.0 501 Not Implemented';
    connection.write(printMessage([status, `CSeq: ${numberOf(request, 'cseq') ?? 0}`]));
    if (ends) end('server_ended');
  }

  function end(reason: RtspEndReason): void {
    if (over) return;
    close();
    events.ended(reason);
  }

  function close(): void {
    over = true;
    questions.close();
    reader.close();
    connection.hangUp();
    for (const forget of unanswered) forget(undefined);
  }

  return {
    ask: (method, url, headers, waitMs = ANSWER_MS) =>
      new Promise((resolve) => {
        if (over || unanswered.size >= OPEN_QUESTIONS) return resolve(undefined);
        unanswered.add(resolve);
        questions.ask({ method, url, headers, waitMs }, (reply) => {
          unanswered.delete(resolve);
          resolve(reply);
        });
      }),
    expect: reader.expect,
    send: connection.write,
    pause: connection.pause,
    resume: connection.resume,
    close,
  };
}
