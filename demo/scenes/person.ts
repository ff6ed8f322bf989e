/** How one person looks from far away. */
export interface Look {
  readonly top: string;
  readonly legs: string;
  readonly skin: string;
  readonly hair: string;
  /** A long coat over the thighs. */
  readonly coat: boolean;
  readonly heightM: number;
}

export type View = 'side' | 'front' | 'back' | 'sit';

/** Walk cycle: eight phases; phase 0 is also how a person stands when `walking` is false. */
export const WALK_PHASES = 8;
/** Canvas of a sprite; the soles stand at y = 470, the crown is at y = 30. */
export const SPRITE = { width: 240, height: 480, soleY: 470, bodyHeight: 440 } as const;

type XY = readonly [number, number];

/** One pose as SVG (transparent background), facing right in the side view. */
export function personSvg(look: Look, view: View, phase: number, walking: boolean): string {
  const swing = walking ? Math.sin((phase / WALK_PHASES) * 2 * Math.PI) : 0;
  const lift = walking ? Math.abs(Math.cos((phase / WALK_PHASES) * 2 * Math.PI)) * 5 : 0;
  const body =
    view === 'side' ? side(look, swing) : view === 'sit' ? sitting(look) : upright(look, view, swing);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 480"><g transform="translate(0 ${-lift})">${body}</g></svg>`;
}

function side(look: Look, swing: number): string {
  const hip: XY = [120, 262];
  const shoulder: XY = [122, 124];
  const leg = (sign: number, color: string) => {
    const thigh = sign * swing * 0.42;
    // The knee gives way on the leg that swings forward from behind.
    const knee = sign * swing < 0 ? 0.55 * Math.abs(swing) : 0.08;
    const [k, a] = [turn(hip, 98, thigh), turn(turn(hip, 98, thigh), 96, thigh - knee)];
    return line([hip, k, a], 36, color) + line([a, [a[0] + 22, a[1] + 6]], 18, '#26221f');
  };
  const arm = (sign: number, color: string) => {
    const angle = -sign * swing * 0.55;
    const elbow = turn(shoulder, 70, angle);
    const hand = turn(elbow, 58, angle + 0.35);
    return line([shoulder, elbow, hand], 25, color) + dot(hand, 12, look.skin);
  };
  return (
    arm(-1, dark(look.top)) +
    leg(-1, dark(look.legs)) +
    leg(1, look.legs) +
    torso(look, 30) +
    `<rect x="112" y="88" width="22" height="28" fill="${dark(look.skin)}"/>` +
    `<ellipse cx="126" cy="66" rx="30" ry="36" fill="${look.skin}"/>` +
    `<path d="M94 72 C88 30 150 18 154 50 C140 46 128 50 124 62 C118 66 116 84 112 96 C100 96 94 86 94 72Z" fill="${look.hair}"/>` +
    arm(1, look.top)
  );
}

function upright(look: Look, view: 'front' | 'back', swing: number): string {
  const leg = (sign: number) => {
    const x = 120 + sign * 21;
    const foot = 456 - Math.max(0, sign * swing) * 26;
    const color = sign * swing > 0 ? dark(look.legs) : look.legs;
    return `${line(
      [
        [x, 262],
        [x + sign * 2, foot - 90],
        [x, foot],
      ],
      38,
      color,
    )}<ellipse cx="${x}" cy="${foot + 6}" rx="19" ry="10" fill="#26221f"/>`;
  };
  const arm = (sign: number) => {
    const y = -sign * swing * 14;
    const hand: XY = [120 + sign * 64, 258 + y];
    return (
      line([[120 + sign * 46, 130], [120 + sign * 60, 196 + y / 2], hand], 25, dark(look.top, 0.9)) +
      dot(hand, 12, look.skin)
    );
  };
  const face =
    view === 'back'
      ? `<ellipse cx="120" cy="64" rx="32" ry="38" fill="${look.hair}"/>`
      : `<ellipse cx="120" cy="68" rx="29" ry="36" fill="${look.skin}"/><path d="M88 66 C84 20 156 20 152 66 C146 46 134 42 120 42 C106 42 94 46 88 66Z" fill="${look.hair}"/>` +
        `<circle cx="109" cy="68" r="3.4" fill="#241d1a"/><circle cx="131" cy="68" r="3.4" fill="#241d1a"/><path d="M112 87 Q120 91 128 87" stroke="#8c4b42" stroke-width="3" fill="none"/>`;
  return (
    leg(-1) +
    leg(1) +
    arm(-1) +
    arm(1) +
    torso(look, 46) +
    `<rect x="108" y="92" width="24" height="24" fill="${dark(look.skin)}"/>` +
    face
  );
}

function sitting(look: Look): string {
  const leg = (sign: number) =>
    `${line(
      [
        [120 + sign * 22, 300],
        [120 + sign * 27, 352],
        [120 + sign * 26, 448],
      ],
      38,
      sign < 0 ? look.legs : dark(look.legs, 0.92),
    )}<ellipse cx="${120 + sign * 26}" cy="460" rx="20" ry="10" fill="#26221f"/>`;
  const upper = upright({ ...look, coat: false }, 'front', 0);
  // The upper body of the standing figure, sunk to the height of a seat; its legs are hidden by the lap.
  return `<defs><clipPath id="c"><rect x="0" y="0" width="240" height="272"/></clipPath></defs>${leg(-1)}${leg(1)}<g transform="translate(0 62)"><g clip-path="url(#c)">${upper}</g></g><rect x="76" y="312" width="88" height="40" rx="18" fill="${look.legs}"/>`;
}

function torso(look: Look, half: number): string {
  const bottom = look.coat ? 348 : 274;
  const flare = look.coat ? 6 : 0;
  const [l, r] = [120 - half, 120 + half];
  return (
    `<path d="M${l + 6} 118 Q120 100 ${r - 6} 118 Q${r + 4} 130 ${r} 200 L${r + flare} ${bottom} Q120 ${bottom + 12} ${l - flare} ${bottom} L${l} 200 Q${l - 4} 130 ${l + 6} 118Z" fill="${look.top}"/>` +
    `<path d="M120 118 L120 ${bottom}" stroke="${dark(look.top)}" stroke-width="${look.coat ? 4 : 2}"/>`
  );
}

/** `lengthPx` down from a joint, swung forward by `angle` radians. */
const turn = ([x, y]: XY, lengthPx: number, angle: number): XY => [
  x + lengthPx * Math.sin(angle),
  y + lengthPx * Math.cos(angle),
];

const line = (points: readonly XY[], width: number, color: string) =>
  `<polyline points="${points.map((p) => p.map((v) => v.toFixed(1)).join(',')).join(' ')}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;

const dot = ([x, y]: XY, radius: number, color: string) =>
  `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}" fill="${color}"/>`;

function dark(color: string, factor = 0.78): string {
  const value = Number.parseInt(color.slice(1), 16);
  return `#${[16, 8, 0]
    .map((s) =>
      Math.round(((value >> s) & 255) * factor)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}
