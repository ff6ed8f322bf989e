import { type Codec, isParameterSet, nalType } from '../scenes/annex-b.ts';
import { presentationShifts } from '../scenes/presentation.ts';
import type { SceneTrack } from '../scenes/track-file.ts';
import { type FrameTemplate, frameTemplate } from './packets.ts';

/** The beginning of a track as a loop of its own. */
export const firstFrames = (track: ServedTrack, count: number): ServedTrack => ({
  ...track,
  frames: track.frames.slice(0, count),
});

/** A scene's loop prepared for sending; shared by every camera that shows it. */
export interface ServedTrack {
  readonly codec: Codec;
  readonly width: number;
  readonly height: number;
  readonly bitrateBps: number;
  readonly frames: readonly FrameTemplate[];
  readonly parameterSets: readonly Uint8Array[];
  /** How many frames a picture is sent after its time at least: 0 without B-frames. */
  readonly delay: number;
}

export function prepareTrack(track: SceneTrack): ServedTrack {
  const { codec, width, height, bitrateBps, units } = track;
  const first = units.find((unit) => unit.key)?.nals ?? [];
  const shifts = presentationShifts(units, codec);
  return {
    codec,
    width,
    height,
    bitrateBps,
    frames: units.map((unit, i) => frameTemplate(unit, codec, shifts[i])),
    parameterSets: first
      .filter((nal) => isParameterSet(codec, nalType(codec, nal[0]!)))
      .map((nal) => Uint8Array.from(nal)),
    delay: Math.max(0, ...shifts),
  };
}
