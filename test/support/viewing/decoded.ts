import { spawn } from 'node:child_process';
import { readStrip } from '../../../demo/scenes/read-strip.ts';

/** One packet as ffprobe reads it; times in seconds. */
export interface Packet {
  readonly pts: number;
  readonly dts: number;
  readonly isKey: boolean;
}

/** Runs a program with `input` on its stdin. @returns stdout; @throws with what it said on stderr */
function filter(command: string, args: readonly string[], input: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args);
    const out: Buffer[] = [];
    const said: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => out.push(part));
    child.stderr.on('data', (part: Buffer) => said.push(part));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 && said.length === 0
        ? resolve(Buffer.concat(out))
        : reject(new Error(`${command} ${code}: ${Buffer.concat(said)}`)),
    );
    // It may have read enough before the end.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** @returns of each decoded picture the number that the simulated camera drew into it, in the order shown */
export async function numbersDrawn(
  media: Buffer,
  width: number,
  height: number,
): Promise<(number | undefined)[]> {
  const input = ['-v', 'error', '-f', 'mov', '-i', 'pipe:0', '-fps_mode', 'passthrough'];
  // Of a picture as large as wanted: another decoder's size is no other picture.
  const scaled = ['-vf', `scale=${width}:${height}`, '-pix_fmt', 'gray', '-f', 'rawvideo', 'pipe:1'];
  const gray = await filter('ffmpeg', [...input, ...scaled], media);
  return Array.from(
    { length: gray.length / (width * height) },
    (_, i) => readStrip(gray.subarray(i * width * height, (i + 1) * width * height), width, height)?.frame,
  );
}

export async function packetsOf(media: Buffer): Promise<Packet[]> {
  const entries = ['-show_entries', 'packet=pts_time,dts_time,flags', '-of', 'json'];
  const text = await filter('ffprobe', ['-v', 'error', '-f', 'mov', ...entries, 'pipe:0'], media);
  const { packets } = JSON.parse(text.toString()) as {
    packets: { pts_time: string; dts_time: string; flags: string }[];
  };
  return packets.map(({ pts_time, dts_time, flags }) => ({
    pts: Number(pts_time),
    dts: Number(dts_time),
    isKey: flags.startsWith('K'),
  }));
}
