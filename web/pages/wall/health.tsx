import { siteTimeText } from '../../app/site-time.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Health } from './api.ts';
import { causes, words } from './words.ts';

/** A clock of a camera that is so far off is worth a word: times on its pictures are read by people. */
const NOTICED_MS = 2000;

export interface HealthWords {
  readonly kind: 'well' | 'alarm' | 'due' | 'quiet';
  readonly text: string;
}

export function healthWords(health: Health | undefined): HealthWords {
  const said = words().badge;
  if (!health) return { kind: 'quiet', text: said.unknown };
  const gap = health.streams.find((stream) => stream.gap)?.gap;
  if (health.pulled && gap)
    return {
      kind: 'alarm',
      text: said.gap({
        cause: causes()[gap.cause] ?? gap.cause,
        since: siteTimeText(Date.parse(gap.since), { show: 'clock', seconds: true }),
      }),
    };
  if (!health.recording) return { kind: health.pulled ? 'alarm' : 'quiet', text: said.off };
  const offMs = Math.abs(health.clockOffsetMs ?? 0);
  if (offMs > NOTICED_MS) return { kind: 'due', text: said.clock({ seconds: Math.round(offMs / 1000) }) };
  return { kind: 'well', text: said.recording };
}

export function HealthBadge({ health }: { readonly health: Health | undefined }) {
  const { kind, text } = healthWords(health);
  return (
    <Badge kind={kind} icon={kind === 'well' ? 'check' : kind === 'quiet' ? 'info' : 'alarm'}>
      {text}
    </Badge>
  );
}

const isPlayable = ({ codec }: Health['streams'][number]) => codec?.startsWith('avc') ?? false;

/** What is known of it is H.265 alone: there is nothing to try. */
export const cannotBeLive = (health: Health | undefined): boolean => {
  const known = health?.streams.filter(({ codec }) => codec !== undefined) ?? [];
  return known.length > 0 && !known.some(isPlayable);
};

/** Its main stream cannot be played, though its sub-stream can. */
export const hasSubAlone = (health: Health | undefined): boolean =>
  health?.streams.some((one) => one.stream === 'main' && one.codec !== undefined && !isPlayable(one)) ??
  false;
