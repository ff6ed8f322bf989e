import type { DemoStream } from '../../demo/clinic.ts';
import type { Range, ServedSession } from '../../demo/rtsp/served.ts';
import { FPS } from '../../demo/scenes/profile.ts';
import type { FrameStamp } from '../../demo/sei.ts';

export const FRAME_US = 1_000_000 / FPS;

/** What was sent to a recorder against what it kept, by the frames' own numbers. */
export interface FrameAccount {
  /** Sent whole, and asked for. */
  readonly served: number;
  /** Of those. */
  readonly recorded: number;
  readonly missing: readonly Range[];
  readonly missingFrames: number;
  /** Recorded more than once. */
  readonly duplicates: number;
  /** Recorded, but never sent. */
  readonly invented: number;
  /** Places where a number is not higher than the one before it. */
  readonly disorders: number;
}

export interface AccountOptions {
  /** Frames taken after this are not asked for: µs UTC of the moment the recorder was told to stop. */
  readonly untilUs?: number;
}

export const sessionsOf = (served: readonly ServedSession[], camera: string, stream: DemoStream) =>
  served.filter((one) => one.camera === camera && one.stream === stream && one.firstFrame !== null);

/** @param stamps in the order in which they were recorded */
export function accountFrames(
  sessions: readonly ServedSession[],
  stamps: readonly FrameStamp[],
  { untilUs = Number.POSITIVE_INFINITY }: AccountOptions = {},
): FrameAccount {
  const sent = new Set<number>();
  for (const session of sessions) for (const frame of framesSent(session)) sent.add(frame);
  const [any] = stamps;
  const lastAsked = any ? any.frame + Math.floor((untilUs - any.utcUs) / FRAME_US) - 1 : untilUs;
  const recorded = new Set(stamps.map(({ frame }) => frame));
  const missing: Range[] = [];
  let missingFrames = 0;
  let served = 0;
  for (const frame of [...sent].sort((a, b) => a - b)) {
    if (frame > lastAsked) break;
    served += 1;
    if (recorded.has(frame)) continue;
    missingFrames += 1;
    const range = missing.at(-1);
    if (range && range[1] === frame - 1) range[1] = frame;
    else missing.push([frame, frame]);
  }
  return {
    served,
    recorded: served - missingFrames,
    missing,
    missingFrames,
    duplicates: stamps.length - recorded.size,
    invented: [...recorded].filter((frame) => !sent.has(frame)).length,
    disorders: stamps.filter(({ frame }, i) => i > 0 && frame <= (stamps[i - 1]?.frame ?? -1)).length,
  };
}

function* framesSent({ firstFrame, lastFrame, droppedSlow, droppedFault }: ServedSession): Generator<number> {
  if (firstFrame === null || lastFrame === null) return;
  const dropped = [...droppedSlow, ...droppedFault];
  for (let frame = firstFrame; frame <= lastFrame; frame++)
    if (!dropped.some(([from, to]) => frame >= from && frame <= to)) yield frame;
}

/** A whole account: nothing missing, doubled, invented or out of order. */
export const NOTHING_LOST = { missing: [], duplicates: 0, invented: 0, disorders: 0 } as const;
