/** A media profile as the camera describes it; what it says about itself is not yet proved. */
export interface MediaProfile {
  readonly token: string;
  readonly encoding: string;
  readonly width: number;
  readonly height: number;
  readonly fps?: number;
  readonly bitsPerSecond?: number;
  /** Which sensor: multi-channel encoders have several. */
  readonly sourceToken?: string;
  readonly encoderToken?: string;
}

/**
 * The stream to record and the small one beside it. Main: the most pixels of the first video source. Sub: another
 * encoder with fewer pixels, H.264 before H.265 (every browser plays it), the largest that is not above 720 lines.
 * By content, not by token: tokens may change with a firmware update.
 */
export function chooseStreams(
  profiles: readonly MediaProfile[],
): { readonly main: MediaProfile; readonly sub?: MediaProfile } | undefined {
  const recordable = profiles.filter(({ encoding }) => codecOf(encoding) !== undefined);
  const source = recordable[0]?.sourceToken;
  const ofSource = recordable.filter(({ sourceToken }) => sourceToken === source);
  const main = best(ofSource, (profile) => [area(profile), profile.fps ?? 0, profile.bitsPerSecond ?? 0]);
  if (!main) return undefined;
  const smaller = ofSource.filter(
    (profile) =>
      area(profile) < area(main) &&
      (profile.encoderToken === undefined || profile.encoderToken !== main.encoderToken),
  );
  const sub = best(smaller, (profile) => [
    codecOf(profile.encoding) === 'h264' ? 1 : 0,
    profile.height <= 720 ? 1 : 0,
    profile.height <= 720 ? area(profile) : -area(profile),
  ]);
  return sub ? { main, sub } : { main };
}

/** ONVIF's and RTP's spellings of the two codings that can be recorded. */
export function codecOf(encoding: string): 'h264' | 'h265' | undefined {
  const plain = encoding.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (plain === 'h264' || plain === 'avc') return 'h264';
  return plain === 'h265' || plain === 'hevc' ? 'h265' : undefined;
}

const area = ({ width, height }: MediaProfile): number => width * height;

/** The first of those with the greatest rank; ranks compare item by item. */
function best<T>(items: readonly T[], rank: (item: T) => readonly number[]): T | undefined {
  let chosen: T | undefined;
  for (const item of items) {
    if (chosen === undefined || firstDifference(rank(item), rank(chosen)) > 0) chosen = item;
  }
  return chosen;
}

const firstDifference = (a: readonly number[], b: readonly number[]): number =>
  a.map((value, index) => value - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
