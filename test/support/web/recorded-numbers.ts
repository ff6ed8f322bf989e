import { SESSION_COOKIE } from '../../../src/http/cookies.ts';
import { numbersDrawn } from '../viewing/decoded.ts';

/** What is to be read of a stream of a viewing, as its person gets it. */
export interface RecordedStream {
  readonly url: string;
  readonly token: string;
  readonly viewing: string;
  readonly camera: string;
  readonly stream: 'main' | 'sub';
}

/** Pictures a second of every simulated camera. */
const FPS = 15;
const SIZES = { main: [640, 360], sub: [320, 180] } as const;

/**
 * The number drawn into the picture that stood at an instant: out of the sealed file, decoded by ffmpeg, and so known
 * without anything of the page.
 */
export async function recordedNumber(of: RecordedStream, atUs: number): Promise<number | undefined> {
  const { url, token, viewing, camera, stream } = of;
  const base = `${url}/api/viewings/${viewing}/footage/${camera}/${stream}`;
  const fetched = async (path: string): Promise<Buffer> => {
    const answer = await fetch(`${base}/${path}`, { headers: { cookie: `${SESSION_COOKIE}=${token}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  const iso = (us: number) => encodeURIComponent(new Date(us / 1000).toISOString());
  const playlist = `playlist.m3u8?from=${iso(atUs)}&to=${iso(atUs + 1000)}`;
  const text = (await fetched(playlist)).toString();
  const init = /EXT-X-MAP:URI="([^"]+)"/.exec(text)?.[1];
  const begins = /PROGRAM-DATE-TIME:(\S+)/.exec(text)?.[1];
  const media = /^media\/.+$/m.exec(text)?.[0];
  if (!init || !begins || !media) throw new Error(`nothing there:\n${text}`);
  const group = Buffer.concat([await fetched(init), await fetched(media)]);
  const [width, height] = SIZES[stream];
  const numbers = await numbersDrawn(group, width, height);
  const into = ((atUs - Date.parse(begins) * 1000) / 1e6) * FPS;
  return numbers[Math.min(numbers.length - 1, Math.max(0, Math.floor(into)))];
}
