import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Cameras that nobody here wrote: GStreamer's RTSP server, each an endless loop of one clip. */
export interface ForeignServer {
  readonly port: number;
  /** `rtsp://127.0.0.1:PORT/cam01` and so on, in the order of the clips. */
  readonly urls: readonly string[];
  stop(): void;
}

const SERVER = fileURLToPath(new URL('./rtsp-cameras.py', import.meta.url));
const PYTHON = '/usr/bin/python3';

/** @param clips MP4 files with H.264 or H.265 */
export async function startForeignServer(clips: readonly string[]): Promise<ForeignServer> {
  // A port that was looked for beforehand could be somebody else's by the time this listens.
  const server = spawn(PYTHON, [SERVER, '--port', '0', '--count', String(clips.length), ...clips], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // By the line: what Python prints may arrive word by word.
  const [said] = await Promise.race([
    once(createInterface(server.stdout), 'line'),
    once(server, 'exit').then(([code]) => {
      throw new Error(`the RTSP server ended with ${code}`);
    }),
  ]);
  const port = Number(/^ready \d+ (\d+)$/.exec(String(said))?.[1]);
  const urls = clips.map((_, i) => `rtsp://127.0.0.1:${port}/cam${String(i + 1).padStart(2, '0')}`);
  return { port, urls, stop: () => void server.kill() };
}

/** @returns why it cannot run here, if it cannot; on the machine that judges that is a failure */
export function whatForeignServerLacks(): string | undefined {
  const needed = 'import gi; gi.require_version("Gst","1.0"); gi.require_version("GstRtspServer","1.0")';
  const { status } = spawnSync(PYTHON, ['-c', `${needed}; from gi.repository import GstRtspServer`]);
  if (status === 0) return undefined;
  if (process.env.CI === 'true')
    throw new Error('the packages of test/support/rtsp-cameras.py must be installed');
  return 'GStreamer’s RTSP server is not installed (see test/support/rtsp-cameras.py)';
}
