import { type Codec, isParameterSet, nalType } from '../scenes/annex-b.ts';
import type { SceneTrack } from '../scenes/track-file.ts';
import { type FrameTemplate, frameTemplate } from './packets.ts';

/** A scene's loop prepared for sending; shared by every camera that shows it. */
export interface ServedTrack {
  readonly codec: Codec;
  readonly width: number;
  readonly height: number;
  readonly bitrateBps: number;
  readonly frames: readonly FrameTemplate[];
  readonly parameterSets: readonly Uint8Array[];
}

export function prepareTrack(track: SceneTrack): ServedTrack {
  const { codec, width, height, bitrateBps, units } = track;
  const first = units.find((unit) => unit.key)?.nals ?? [];
  return {
    codec,
    width,
    height,
    bitrateBps,
    frames: units.map((unit) => frameTemplate(unit, codec)),
    parameterSets: first
      .filter((nal) => isParameterSet(codec, nalType(codec, nal[0]!)))
      .map((nal) => Uint8Array.from(nal)),
  };
}
