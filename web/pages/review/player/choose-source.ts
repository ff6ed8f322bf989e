import type { Track } from './init-segment.ts';
import type { StreamSource } from './stream-source.ts';

export interface Chosen {
  readonly source: StreamSource;
  /** There is footage, and none of it in a codec that this browser decodes. */
  readonly isUnplayable: boolean;
}

/**
 * The first of some streams of a camera that has footage around an instant which this browser decodes; the first of all
 * where none has footage.
 *
 * @throws ApiError; the signal's reason
 */
export async function chooseSource(
  sources: readonly [StreamSource, ...StreamSource[]],
  atUs: number,
  signal: AbortSignal,
): Promise<Chosen> {
  let undecodable: StreamSource | undefined;
  for (const source of sources) {
    // Only what cannot be decoded as it was recorded is made into something else.
    if (source.isMade && !undecodable) continue;
    const { pieces } = source.known(atUs) ?? (await source.ask(atUs, signal));
    const first = pieces.find((piece) => piece.kind === 'pictures');
    if (first?.kind !== 'pictures') continue;
    if (await isDecoded(await source.track(first.initUri, signal))) return { source, isUnplayable: false };
    undecodable ??= source;
  }
  return { source: undecodable ?? sources[0], isUnplayable: undecodable !== undefined };
}

async function isDecoded({ codec, description }: Track): Promise<boolean> {
  const { supported } = await VideoDecoder.isConfigSupported({ codec, description });
  return supported === true;
}
