import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { CameraHistory } from '../../../src/contract/cameras.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { theme } from '../../app/theme.ts';
import styles from './camera.module.css';
import { colourOf, hatch } from './plot-ink.ts';
import { sumOf } from './summed-up.ts';
import { words } from './words.ts';

type Column = readonly (number | null)[];

export interface PlotProps {
  readonly what: string;
  readonly of: { readonly least: Column; readonly mean: Column; readonly most: Column };
  readonly digits: number;
  /** Whether the axis begins at nothing. */
  readonly fromZero: boolean;
  /** Where it ends, of what has an end; else where the values do. */
  readonly upTo?: number;
  /** UNIX seconds. */
  readonly at: readonly number[];
  readonly gaps: CameraHistory['streams'][number]['gaps'];
  readonly from: number;
  readonly to: number;
}

const HEIGHT = 150;
const DAY_S = 86_400;

/** One curve in the site's time, with the range that it stands for and the gaps hatched. The tables say the same. */
export function Plot({ what, of, digits, fromZero, upTo, at, gaps, from, to }: PlotProps) {
  const said = words().health;
  const place = useRef<HTMLDivElement>(null);
  const shown = theme.value;
  const sum = sumOf(of.least, of.mean, of.most);
  const figure = (value: number | undefined) => value?.toFixed(digits) ?? '—';
  const spoken = said.plot({
    what,
    least: figure(sum?.least),
    mean: figure(sum?.mean),
    most: figure(sum?.most),
    gaps: gaps.length,
  });

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const draw = () =>
      drawn(element, { of, digits, fromZero, ...(upTo !== undefined && { upTo }), at, gaps, from, to });
    let plot = draw();
    const again = () => {
      plot.destroy();
      plot = draw();
    };
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', again);
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    return () => {
      system.removeEventListener('change', again);
      resized.disconnect();
      plot.destroy();
    };
  }, [of, digits, fromZero, upTo, at, gaps, from, to, shown]);

  return (
    <figure class={styles.plot}>
      <figcaption>
        {what}
        <span class={`${styles.key} figures`}>
          {`${said.least} ${figure(sum?.least)} · ${said.mean} ${figure(sum?.mean)} · ${said.most} ${figure(sum?.most)}`}
          {gaps.length > 0 && ` · ${said.hatched}`}
        </span>
      </figcaption>
      <div ref={place} class={styles.canvas} role="img" aria-label={spoken} />
    </figure>
  );
}

function drawn(
  element: HTMLElement,
  { of, digits, fromZero, upTo, at, gaps, from, to }: Omit<PlotProps, 'what'>,
): uPlot {
  const [ink, line, curve, gapInk] = ['--ink-soft', '--line', '--accent', '--gap'].map((name) =>
    colourOf(element, name),
  );
  const isLong = to - from > 2 * DAY_S;
  const axis = {
    stroke: ink ?? '',
    // The canvas has a font of its own, which has no Hangul.
    font: `12px ${getComputedStyle(element).fontFamily}`,
    grid: { stroke: line ?? '', width: 1 },
    ticks: { stroke: line ?? '', width: 1 },
  };
  const silent = { stroke: 'transparent', points: { show: false } };
  return new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: true, range: () => [from, to] },
        y: { range: (_, least, most) => (upTo === undefined ? rangeOf(least, most, fromZero) : [0, upTo]) },
      },
      axes: [
        {
          ...axis,
          values: (_, splits) =>
            splits.map((seconds) => siteTimeText(seconds * 1000, { show: isLong ? 'date' : 'clock' })),
          space: isLong ? 130 : 70,
        },
        { ...axis, size: 60, values: (_, splits) => splits.map((value) => value.toFixed(digits)) },
      ],
      series: [
        {},
        silent,
        silent,
        { stroke: curve ?? '', width: 1.5, spanGaps: false, points: { show: at.length < 3 } },
      ],
      bands: [{ series: [2, 1], fill: `color-mix(in srgb, ${curve} 25%, transparent)` }],
      hooks: {
        drawClear: [
          (plot) => {
            for (const gap of gaps) hatch(plot, gap.from, gap.to ?? to, gapInk ?? '');
          },
        ],
      },
    },
    [[...at], [...of.least], [...of.most], [...of.mean]],
    element,
  );
}

/** Room above and below; a flat line lies in the middle. */
function rangeOf(least: number | null, most: number | null, fromZero: boolean): uPlot.Range.MinMax {
  const [low, high] = [least ?? 0, most ?? 1];
  const room = Math.max((high - low) * 0.1, Math.abs(high) * 0.1, 0.05);
  return [fromZero ? 0 : low - room, high + room];
}
