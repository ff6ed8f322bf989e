import type { Bar } from './layout.ts';
import type { Tick } from './ticks.ts';

/** What is drawn, in CSS pixels. */
export interface Painting {
  readonly width: number;
  /** Of each lane, from above. */
  readonly lanes: readonly (readonly Bar[])[];
  /** Of each lane: what is kept beyond its day. */
  readonly held: readonly (readonly { readonly x: number; readonly width: number }[])[];
  readonly ticks: readonly (Tick & { readonly text: string })[];
  /** Where what was granted begins and ends. */
  readonly granted: readonly [number, number];
  readonly marks: readonly { readonly x: number; readonly is: 'in' | 'out' | 'bookmark' }[];
}

export const AXIS_PX = 22;
export const LANE_PX = 26;
const AIR_PX = 4;

export type Colours = Readonly<Record<ColourName, string>>;
export const COLOURS = ['ink-soft', 'line', 'recorded', 'moving', 'gap', 'ground', 'hold', 'accent'] as const;
type ColourName = (typeof COLOURS)[number];

export function paint(context: CanvasRenderingContext2D, painting: Painting, colours: Colours): void {
  const { width, lanes, held, ticks, granted, marks } = painting;
  const height = AXIS_PX + lanes.length * LANE_PX;
  context.clearRect(0, 0, width, height);
  context.font = '12px "Pretendard Variable", system-ui, sans-serif';
  context.textBaseline = 'middle';
  for (const { x, text } of ticks) {
    context.fillStyle = colours.line;
    context.fillRect(Math.round(x), AXIS_PX - 5, 1, height);
    context.fillStyle = colours['ink-soft'];
    context.fillText(text, x + 4, AXIS_PX / 2);
  }
  for (const [at, bars] of lanes.entries()) {
    const top = AXIS_PX + at * LANE_PX + AIR_PX;
    const full = LANE_PX - AIR_PX;
    for (const bar of bars) {
      const tall = Math.max(2, bar.height * full);
      if (bar.is === 'gap') hatch(context, bar.x, top, bar.width, full, colours.gap);
      else {
        context.fillStyle = colours[bar.is];
        context.fillRect(bar.x, top + full - tall, bar.width, tall);
      }
    }
  }
  // Outside of what was granted there is nothing to be watched.
  context.globalAlpha = 0.72;
  context.fillStyle = colours.ground;
  context.fillRect(0, AXIS_PX, Math.max(0, granted[0]), height);
  context.fillRect(granted[1], AXIS_PX, Math.max(0, width - granted[1]), height);
  context.globalAlpha = 1;
  for (const [at, spans] of held.entries())
    for (const { x, width: wide } of spans)
      outline(context, x, AXIS_PX + at * LANE_PX + AIR_PX, wide, LANE_PX - AIR_PX, colours);
  for (const { x, is } of marks) mark(context, x, height, is, colours);
}

function hatch(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  context.beginPath();
  for (let at = x - height - (x % 6); at < x + width; at += 6) {
    context.moveTo(at, y + height);
    context.lineTo(at + height, y);
  }
  context.stroke();
  context.restore();
}

/** A hold: an outline and a lock, so that it is no matter of colour alone. */
function outline(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  colours: Colours,
): void {
  context.strokeStyle = colours.hold;
  context.lineWidth = 2;
  context.strokeRect(x + 1, y + 1, Math.max(1, width - 2), height - 2);
  const left = Math.max(0, x) + 4;
  const top = y + 4;
  // On what is recorded or hatched it has to be seen as well.
  context.fillStyle = colours.ground;
  context.fillRect(left - 1, top - 1, LOCK_PX + 2, LOCK_PX + 4);
  context.beginPath();
  context.arc(left + LOCK_PX / 2, top + 4, 2.5, Math.PI, 0);
  context.lineWidth = 1.5;
  context.stroke();
  context.fillStyle = colours.hold;
  context.fillRect(left, top + 4, LOCK_PX, LOCK_PX - 2);
}

const LOCK_PX = 8;

function mark(
  context: CanvasRenderingContext2D,
  x: number,
  height: number,
  is: Painting['marks'][number]['is'],
  colours: Colours,
): void {
  context.fillStyle = is === 'bookmark' ? colours.hold : colours.accent;
  context.fillRect(Math.round(x), AXIS_PX - 6, 2, height);
  context.beginPath();
  if (is === 'bookmark') context.rect(x - 4, AXIS_PX - 10, 10, 8);
  else {
    const along = is === 'in' ? 9 : -9;
    context.moveTo(x, AXIS_PX - 10);
    context.lineTo(x + along, AXIS_PX - 6);
    context.lineTo(x, AXIS_PX - 2);
  }
  context.fill();
}
