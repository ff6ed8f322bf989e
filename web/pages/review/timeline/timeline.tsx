import { useComputed, useSignalEffect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { timeZone } from '../../../app/site.ts';
import { siteTimeText } from '../../../app/site-time.ts';
import { theme } from '../../../app/theme.ts';
import { Button } from '../../../ui/button.tsx';
import type { Playing } from '../desk/playing.ts';
import type { Calendar } from '../shapes.ts';
import { words } from '../words.ts';
import { offsetMs } from '../zone.ts';
import { type Held, heldAt, heldBarsOf } from './holds.ts';
import { gapAt, type Lanes } from './lanes.ts';
import { barsOf, dayBarsOf } from './layout.ts';
import { AXIS_PX, COLOURS, type Colours, LANE_PX, paint } from './paint.ts';
import { ticksOf } from './ticks.ts';
import styles from './timeline.module.css';
import {
  atLevel,
  following,
  isOfDays,
  LEVELS,
  type Level,
  panned,
  usOf,
  type View,
  xOf,
  zoomed,
} from './view.ts';

export interface Marks {
  readonly inUs: number | undefined;
  readonly outUs: number | undefined;
  readonly bookmarks: readonly { readonly atUs: number }[];
}

interface TimelineProps {
  readonly playing: Playing;
  readonly cameras: readonly { readonly id: string; readonly name: string }[];
  /** What was granted. */
  readonly range: View;
  /** What there is at all. */
  readonly bounds: View;
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly lanes: Lanes | undefined;
  readonly calendar: Calendar | undefined;
  readonly marks: Marks;
  readonly held: readonly Held[];
}

/** One line for each camera on one time; the playhead is dragged along it, or set by keys. */
export function Timeline(props: TimelineProps) {
  const { playing, cameras, range, bounds, view, onView, lanes, calendar, marks, held } = props;
  const said = words().timeline;
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [hint, setHint] = useState<{ readonly x: number; readonly y: number; readonly text: string }>();
  const latest = useRef(view);
  latest.current = view;

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !canvas.current || !box.current || width === 0) return;
    const height = AXIS_PX + cameras.length * LANE_PX;
    const scale = devicePixelRatio;
    Object.assign(canvas.current, { width: Math.round(width * scale), height: Math.round(height * scale) });
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const offsetUs = offsetMs(timeZone(), view.fromUs / 1000) * 1000;
    const mark = (us: number | undefined, is: 'in' | 'out' | 'bookmark') =>
      us === undefined ? [] : [{ x: xOf(view, width, us), is }];
    paint(
      context,
      {
        width,
        lanes: cameras.map(({ id }) => {
          if (isOfDays(view)) return calendar ? dayBarsOf(calendar, id, view, width) : [];
          const lane = lanes?.lanes.find(({ camera }) => camera === id);
          return lane && lanes ? barsOf(lane, lanes, view, width) : [];
        }),
        held: cameras.map(({ id }) => heldBarsOf(held, id, view, width)),
        ticks: ticksOf(view, width, offsetUs).map((tick) => ({
          ...tick,
          text: siteTimeText(tick.us / 1000, {
            show: tick.says === 'day' ? 'date' : 'clock',
            seconds: tick.says === 'seconds',
          }),
        })),
        granted: [xOf(view, width, range.fromUs), xOf(view, width, range.toUs)],
        marks: [
          ...mark(marks.inUs, 'in'),
          ...mark(marks.outUs, 'out'),
          ...marks.bookmarks.flatMap(({ atUs }) => mark(atUs, 'bookmark')),
        ],
      },
      coloursOf(box.current),
    );
  }, [view, width, lanes, calendar, marks, held, cameras, theme.value, said]);

  useSignalEffect(() => {
    const atUs = playing.atUs.value;
    const now = latest.current;
    if (head.current) head.current.style.transform = `translateX(${xOf(now, width, atUs)}px)`;
    if (!playing.clock.peek().isPlaying) return;
    const next = following(now, atUs, bounds);
    if (next !== now) onView(next);
  });
  useEffect(() => {
    if (head.current) head.current.style.transform = `translateX(${xOf(view, width, playing.atUs.peek())}px)`;
  }, [view, width, playing]);

  const dragged = useRef<
    { readonly is: 'head' | 'time'; readonly x: number; readonly view: View } | undefined
  >(undefined);
  const xIn = (event: { readonly clientX: number }) =>
    event.clientX - (box.current?.getBoundingClientRect().left ?? 0);
  return (
    <section class={styles.timeline} aria-label={said.title}>
      <div class={styles.tools}>
        {(Object.keys(LEVELS) as Level[]).map((level) => (
          <Button
            key={level}
            small
            kind="plain"
            onPress={() => onView(atLevel(level, playing.atUs.peek(), bounds))}
          >
            {said.levels[level]}
          </Button>
        ))}
        <Button small kind="plain" onPress={() => onView(range)}>
          {said.whole}
        </Button>
        <span class={styles.legend}>{said.legend}</span>
      </div>
      <div class={styles.body}>
        <ul class={styles.names} style={{ paddingTop: `${AXIS_PX}px` }} aria-hidden="true">
          {cameras.map(({ id, name }) => (
            <li key={id} style={{ height: `${LANE_PX}px` }}>
              {name}
            </li>
          ))}
        </ul>
        <Slider playing={playing} range={range} lanes={lanes} held={held}>
          <div
            ref={box}
            class={styles.lanes}
            style={{ height: `${AXIS_PX + cameras.length * LANE_PX}px` }}
            onWheel={(event) => {
              event.preventDefault();
              const span = view.toUs - view.fromUs;
              if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
                onView(panned(view, ((event.deltaX || event.deltaY) / width) * span, bounds));
              else onView(zoomed(view, 1.0015 ** event.deltaY, usOf(view, width, xIn(event)), bounds));
            }}
            onPointerDown={(event) => {
              if (event.button !== 0) return;
              event.currentTarget.setPointerCapture(event.pointerId);
              const isAxis = event.clientY - event.currentTarget.getBoundingClientRect().top < AXIS_PX;
              dragged.current = { is: isAxis ? 'time' : 'head', x: xIn(event), view };
              if (!isAxis) playing.scrub(usOf(view, width, xIn(event)));
            }}
            onPointerMove={(event) => {
              const at = xIn(event);
              const now = dragged.current;
              if (now?.is === 'head') playing.scrub(usOf(view, width, at));
              else if (now) {
                const span = now.view.toUs - now.view.fromUs;
                onView(panned(now.view, ((now.x - at) / width) * span, bounds));
              }
              setHint(hintAt(props, at, event.offsetY, width));
            }}
            onPointerUp={(event) => {
              if (dragged.current?.is === 'head') playing.seek(usOf(view, width, xIn(event)));
              dragged.current = undefined;
            }}
            onPointerLeave={() => setHint(undefined)}
          >
            <canvas ref={canvas} class={styles.canvas} />
            <div ref={head} class={styles.head} />
            {hint && (
              <div
                class={styles.hint}
                style={{ left: `${Math.min(hint.x, width - 180)}px`, top: `${hint.y}px` }}
              >
                {hint.text}
              </div>
            )}
          </div>
        </Slider>
      </div>
    </section>
  );
}

/** The cause of the gap under the pointer, else the time. */
function hintAt({ view, cameras, lanes, held }: TimelineProps, x: number, y: number, width: number) {
  const us = usOf(view, width, x);
  const at = Math.floor((y - AXIS_PX) / LANE_PX);
  const lane = lanes?.lanes.find(({ camera }) => camera === cameras[at]?.id);
  const gap = isOfDays(view) ? undefined : gapAt(lane, us);
  const kept = heldAt(held, cameras[at]?.id, us);
  const time = gap ? gapText(gap) : siteTimeText(us / 1000, { seconds: true });
  const text = kept ? `${time} · ${heldText(kept)}` : time;
  return { x: x + 10, y: AXIS_PX + Math.max(0, at + 1) * LANE_PX - 8, text };
}

/** `카메라 응답 없음 03:02:10–03:03:12` */
export function gapText({ cause, fromUs, toUs }: View & { readonly cause: string }): string {
  const causes: Readonly<Record<string, string>> = words().timeline.causes;
  const clock = (us: number) => siteTimeText(us / 1000, { show: 'clock', seconds: true });
  return `${causes[cause] ?? cause} ${clock(fromUs)}–${clock(toUs)}`;
}

/** That it is held, and until when; never why. */
export const heldText = ({ endUs }: Pick<Held, 'endUs'>): string =>
  words().timeline.held({ until: siteTimeText(endUs / 1000) });

interface SliderProps {
  readonly playing: Playing;
  readonly range: View;
  readonly lanes: Lanes | undefined;
  readonly held: readonly Held[];
  readonly children: preact.ComponentChildren;
}

/** The playhead as a slider: its value in words, once a second. The keys are the desk's own. */
function Slider({ playing, range, lanes, held, children }: SliderProps) {
  const said = words().timeline;
  const whole = useComputed(() => Math.floor(playing.atUs.value / 1e6));
  const atUs = whole.value * 1e6;
  const gaps = (lanes?.lanes ?? []).filter((lane) => gapAt(lane, playing.atUs.peek()));
  const first = gapAt(gaps[0], playing.atUs.peek());
  const time = siteTimeText(atUs / 1000, { seconds: true });
  const kept = (lanes?.lanes ?? []).flatMap(({ camera }) => heldAt(held, camera, atUs) ?? []);
  const [longest] = kept.sort((a, b) => b.endUs - a.endUs);
  const spoken = [
    time,
    ...(first ? [`${said.noFootage({ count: gaps.length })}: ${gapText(first)}`] : []),
    ...(longest ? [`${said.heldCameras({ count: kept.length })}: ${heldText(longest)}`] : []),
  ];
  return (
    <div
      class={styles.slider}
      role="slider"
      tabIndex={0}
      aria-label={said.playhead}
      aria-valuemin={Math.floor(range.fromUs / 1e6)}
      aria-valuemax={Math.floor(range.toUs / 1e6)}
      aria-valuenow={whole.value}
      aria-valuetext={spoken.join(', ')}
      onKeyDown={(event) => {
        if (event.key === 'Home') playing.seek(range.fromUs);
        else if (event.key === 'End') playing.seek(range.toUs);
        else return;
        event.preventDefault();
      }}
    >
      {children}
    </div>
  );
}

function useWidth(box: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return width;
}

/** The tokens as a canvas takes them: computed, for the theme of the moment. */
function coloursOf(within: HTMLElement): Colours {
  const probe = within.appendChild(document.createElement('span'));
  const colours = Object.fromEntries(
    COLOURS.map((name) => {
      probe.style.color = `var(--${name})`;
      return [name, getComputedStyle(probe).color];
    }),
  ) as Colours;
  probe.remove();
  return colours;
}
