import { readdirSync, readFileSync } from 'node:fs';
import type { Codec } from '../../../src/media/nal.ts';

/** What a simulated camera said over one connection (test/fixtures/rtsp). */
export interface Recording {
  readonly codec: Codec;
  /** Replies and interleaved frames, whole, in their order. */
  readonly items: readonly Buffer[];
  /** Body of the answer to DESCRIBE. */
  readonly description: Buffer;
  /** RTP packets of the picture. */
  readonly packets: readonly Buffer[];
}

const FOLDER = new URL('../../fixtures/rtsp/', import.meta.url);

export const readRecordings = (): Recording[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.bin'))
    .sort()
    .map((name) =>
      recordingOf(name.startsWith('h264') ? 'h264' : 'h265', readFileSync(new URL(name, FOLDER))),
    );

function recordingOf(codec: Codec, bytes: Buffer): Recording {
  const items: Buffer[] = [];
  let description: Buffer = Buffer.alloc(0);
  for (let at = 0; at < bytes.length; at += items.at(-1)?.length ?? 0) {
    if (bytes[at] === 0x24) {
      items.push(bytes.subarray(at, at + 4 + bytes.readUInt16BE(at + 2)));
      continue;
    }
    const body = bytes.indexOf('\r\n\r\n', at) + 4;
    const length = /content-length: (\d+)/i.exec(bytes.toString('latin1', at, body))?.[1];
    items.push(bytes.subarray(at, body + Number(length ?? 0)));
    if (length) description = bytes.subarray(body, body + Number(length));
  }
  const packets = items.filter((item) => item[0] === 0x24 && item[1] === 0).map((item) => item.subarray(4));
  return { codec, items, description, packets };
}
