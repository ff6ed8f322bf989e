import type { SearchView } from '../../../src/contract/camera-search.ts';
import { Facts } from './facts.tsx';
import { words } from './words.ts';

type Found = NonNullable<NonNullable<SearchView['search']>['found']>;

/** What a camera was seen to be and to send, and what to set otherwise there. */
export function Seen({ found }: { readonly found: Extract<Found, { kind: 'probe' }> }) {
  const { search: said, health } = words();
  const { device, clockOffsetMs, streams, findings } = found;
  return (
    <section aria-label={said.seen}>
      <h3>{said.seen}</h3>
      <Facts
        of={[
          [
            said.device,
            [device?.manufacturer, device?.model, device?.firmware].filter(Boolean).join(' ') || undefined,
          ],
          [
            said.clock,
            clockOffsetMs === undefined
              ? undefined
              : said.seconds({ value: (clockOffsetMs / 1000).toFixed(2) }),
          ],
          ...streams.map(
            ({ stream, codec, width, height, fps, bitsPerSecond, keyFrameSeconds }) =>
              [
                health.streams[stream],
                [
                  `${codec} ${width}×${height}`,
                  fps !== undefined && `${fps.toFixed(1)} fps`,
                  bitsPerSecond !== undefined && `${(bitsPerSecond / 1e6).toFixed(2)} Mbit/s`,
                  keyFrameSeconds !== undefined &&
                    `${said.keyFrames} ${said.seconds({ value: keyFrameSeconds.toFixed(2) })}`,
                ]
                  .filter(Boolean)
                  .join(' · '),
              ] as const,
          ),
        ]}
      />
      {findings.length === 0 ? (
        <p>{said.well}</p>
      ) : (
        <ul>
          {findings.map(({ stream, kind, sentence }) => (
            <li key={`${stream} ${kind}`}>{`${stream ? `${health.streams[stream]}: ` : ''}${sentence}`}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
