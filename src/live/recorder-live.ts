import { request } from 'node:http';
import { GirokError, systemCode } from '../lib/errors.ts';
import type { StreamRef } from '../lib/ids.ts';
import { LIVE_FRAME } from './recorder-socket.ts';

const HEAD_BYTES = 5;
/** Half a second of the largest stream is a fraction of it. */
const LARGEST_FRAME_BYTES = 64 * 1024 * 1024;

/** What the recorder hands on of one stream: first an init segment, then fragments from a key frame on. */
export interface LiveFrame {
  readonly kind: 'init' | 'fragment';
  readonly bytes: Buffer;
}

/**
 * Reads one stream's live fragments from the recorder's socket until the signal, or until the recorder ends it. A
 * reader that is slow loses whole groups of pictures over there; the recorder never waits.
 *
 * @param path `<storage>/run/recorder.sock`
 * @throws GirokError `recorder_not_running`, `internal` (an answer that this version does not understand)
 */
export async function* readLiveFrames(
  path: string,
  { camera, stream }: StreamRef,
  signal: AbortSignal,
): AsyncGenerator<LiveFrame> {
  const asked = request({
    socketPath: path,
    path: `/live/${camera}/${stream}`,
    headers: { host: 'recorder' },
    agent: false,
    signal,
  });
  try {
    const response = await new Promise<AsyncIterable<Buffer> & { statusCode?: number }>((resolve, reject) => {
      asked.once('response', resolve);
      asked.once('error', reject);
      asked.end();
    });
    if (response.statusCode !== 200)
      throw new GirokError('internal', { reason: `the recorder answers ${response.statusCode}` });
    yield* framesIn(response);
  } catch (error) {
    if (error instanceof GirokError) throw error;
    throw new GirokError('recorder_not_running', { path, system: systemCode(error) }, { cause: error });
  } finally {
    asked.destroy();
  }
}

async function* framesIn(answer: AsyncIterable<Buffer>): AsyncGenerator<LiveFrame> {
  let parts: Buffer[] = [];
  let have = 0;
  let need = HEAD_BYTES;
  for await (const part of answer) {
    parts.push(part);
    have += part.length;
    while (have >= need) {
      const whole = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, have);
      const bytes = whole.readUInt32BE(1);
      const kind = kindOf(whole[0]);
      if (!kind || bytes > LARGEST_FRAME_BYTES)
        throw new GirokError('internal', { reason: 'the recorder is of another version' });
      need = HEAD_BYTES + bytes;
      parts = [whole];
      if (have < need) break;
      yield { kind, bytes: whole.subarray(HEAD_BYTES, need) };
      const rest = whole.subarray(need);
      parts = rest.length > 0 ? [rest] : [];
      have = rest.length;
      need = HEAD_BYTES;
    }
  }
}

const kindOf = (byte: number | undefined): LiveFrame['kind'] | undefined =>
  byte === LIVE_FRAME.init ? 'init' : byte === LIVE_FRAME.fragment ? 'fragment' : undefined;
