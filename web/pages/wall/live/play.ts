import { type SocketEnd, socketLoader } from './loader.ts';

/** Behind by more than this, it jumps to what is new: live pictures are of now. */
const BEHIND_SECONDS = 3;
const REMAINING_SECONDS = 0.4;

/**
 * Plays a live picture into a `<video>` until it is stopped. The player is a chunk of its own, loaded with the first.
 *
 * @param onEnd once: how its connection ended; `player`: it could not be played
 * @returns stops it and takes the last picture away
 */
export async function playLive(
  video: HTMLVideoElement,
  address: string,
  onEnd: (end: SocketEnd | 'player') => void,
): Promise<() => void> {
  const { default: mpegts } = await import('mpegts.js');
  mpegts.LoggingControl.enableAll = false;
  let isOver = false;
  const end = (how: SocketEnd | 'player') => {
    if (isOver) return;
    isOver = true;
    onEnd(how);
  };
  const url = new URL(address, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const player = mpegts.createPlayer(
    { type: 'flv', isLive: true, hasAudio: false, url: url.href },
    {
      enableStashBuffer: false,
      lazyLoad: false,
      liveBufferLatencyChasing: true,
      liveBufferLatencyMaxLatency: BEHIND_SECONDS,
      liveBufferLatencyMinRemain: REMAINING_SECONDS,
      autoCleanupSourceBuffer: true,
      autoCleanupMaxBackwardDuration: 20,
      autoCleanupMinBackwardDuration: 10,
      customLoader: socketLoader(mpegts, end),
    },
  );
  player.on(mpegts.Events.ERROR, () => end('player'));
  player.attachMediaElement(video);
  player.load();
  // Refused where it is stopped before it began, or by a browser that shows nothing until it is touched: it stands still
  // then, and is said to.
  Promise.resolve(player.play()).catch(() => undefined);
  return () => {
    isOver = true;
    player.destroy();
  };
}

/** Where the picture waits at an edge of what it has, though there is something behind: it goes there. */
export function skipToNew(video: HTMLVideoElement): void {
  const { buffered } = video;
  if (buffered.length === 0) return;
  const newest = buffered.end(buffered.length - 1);
  if (newest - video.currentTime > 2 * REMAINING_SECONDS) video.currentTime = newest - REMAINING_SECONDS;
}
