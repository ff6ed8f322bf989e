import { request } from 'node:http';
import { type RecorderStatus, recorderStatusSchema } from '../contract/recorder-status.ts';
import { GirokError, systemCode } from '../lib/errors.ts';

const ANSWER_MS = 2000;
/** 256 cameras with two streams each are about 400 kB. */
const LARGEST_BYTES = 4 * 1024 * 1024;

/**
 * Asks the running recorder how it is, over its Unix socket.
 *
 * @param path `<storage>/run/recorder.sock`
 * @throws GirokError `recorder_not_running` (nobody listens, or no answer in time), `internal` (an answer that
 *   this version does not understand)
 */
export async function readRecorderStatus(path: string, withinMs = ANSWER_MS): Promise<RecorderStatus> {
  const text = await get(path, withinMs);
  try {
    return recorderStatusSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new GirokError('internal', { reason: 'the recorder is of another version' }, { cause: error });
  }
}

function get(path: string, withinMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) =>
      reject(
        new GirokError(
          'recorder_not_running',
          { path, system: systemCode(error) ?? 'ETIMEDOUT' },
          {
            cause: error,
          },
        ),
      );
    const asked = request(
      // A socket answers whoever can open it; the name only has to be there.
      {
        socketPath: path,
        path: '/status',
        headers: { host: 'recorder' },
        signal: AbortSignal.timeout(withinMs),
      },
      (response) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        response.on('data', (part: Buffer) => {
          parts.push(part);
          bytes += part.length;
          if (bytes > LARGEST_BYTES) response.destroy(new Error('the answer is too large'));
        });
        response.on('error', fail);
        response.on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
      },
    );
    asked.on('error', fail);
    asked.end();
  });
}
