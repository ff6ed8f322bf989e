import * as f from './furniture.ts';
import type { Look } from './person.ts';

/** Where an actor is at a fraction of the loop; two equal places in a row are a stop. */
export interface Step {
  /** 0…1 of the loop. */
  readonly at: number;
  readonly x: number;
  readonly z: number;
  /** What the actor does until the next step when it stays here; `gone`: not in the room. */
  readonly pose?: 'front' | 'back' | 'side' | 'sit' | 'gone';
}

export interface Actor {
  readonly look: Look;
  readonly steps: readonly Step[];
}

export type Decal = {
  readonly kind: 'door' | 'window' | 'poster' | 'glass' | 'clock';
  readonly wall: Wall;
  readonly from: number;
  readonly size: number;
};
export type Wall = 'back' | 'left' | 'right';

export interface Room {
  readonly width: number;
  readonly depth: number;
  readonly wall: string;
  readonly floor: string;
  readonly tileM: number;
  readonly decals: readonly Decal[];
  readonly pieces: readonly f.Piece[];
  readonly actors: readonly Actor[];
}

const step = (at: number, x: number, z: number, pose?: Step['pose']): Step =>
  pose ? { at, x, z, pose } : { at, x, z };
const decal = (kind: Decal['kind'], wall: Wall, from: number, size: number): Decal => ({
  kind,
  wall,
  from,
  size,
});

const doctor: Look = {
  top: '#f3f5f4',
  legs: '#3d4552',
  skin: '#e3b58f',
  hair: '#2a2320',
  coat: true,
  heightM: 1.78,
};
const nurse: Look = {
  top: '#8fc7c1',
  legs: '#8fc7c1',
  skin: '#ecc3a0',
  hair: '#3a2a22',
  coat: false,
  heightM: 1.64,
};
const surgeon: Look = {
  top: '#3f8f7f',
  legs: '#3f8f7f',
  skin: '#dcae88',
  hair: '#2f7a6c',
  coat: true,
  heightM: 1.75,
};
const clerk: Look = {
  top: '#41557f',
  legs: '#2b303b',
  skin: '#e9bd98',
  hair: '#1f1a18',
  coat: false,
  heightM: 1.66,
};
const red: Look = {
  top: '#b5443c',
  legs: '#39414e',
  skin: '#e2b48f',
  hair: '#241c19',
  coat: false,
  heightM: 1.72,
};
const green: Look = {
  top: '#5d7a44',
  legs: '#5a4a3a',
  skin: '#d9a67e',
  hair: '#7d7a76',
  coat: false,
  heightM: 1.7,
};
const child: Look = {
  top: '#e0a93a',
  legs: '#4669a0',
  skin: '#eec6a4',
  hair: '#2c211c',
  coat: false,
  heightM: 1.22,
};
const violet: Look = {
  top: '#7c5a94',
  legs: '#2e2c35',
  skin: '#e6ba96',
  hair: '#4a3326',
  coat: true,
  heightM: 1.62,
};
const grey: Look = {
  top: '#767d86',
  legs: '#23272e',
  skin: '#dcae88',
  hair: '#b9b5ae',
  coat: false,
  heightM: 1.68,
};

/** The thirteen rooms in the order of the clinic's table. */
export const ROOMS: readonly Room[] = [
  {
    width: 7,
    depth: 8,
    wall: '#cfd3d0',
    floor: '#a9a59b',
    tileM: 0.8,
    decals: [
      decal('glass', 'back', -1.8, 3.6),
      decal('poster', 'left', 4, 1.2),
      decal('window', 'right', 3.5, 2.2),
    ],
    pieces: [f.plant(-3.1, 6.8), f.plant(2.6, 6.8), f.seats(1.4, 4.2, 3, '#7a5a48')],
    actors: [
      {
        look: red,
        steps: [
          step(0, -0.6, 7.8, 'gone'),
          step(0.08, -0.6, 7.8),
          step(0.45, -0.9, 1.8),
          step(0.52, -3.4, 1.6, 'gone'),
          step(1, -0.6, 7.8),
        ],
      },
      {
        look: violet,
        steps: [
          step(0, 2.2, 2.0),
          step(0.35, 0.5, 7.8),
          step(0.36, 0.5, 7.8, 'gone'),
          step(0.75, 0.5, 7.8),
          step(1, 2.2, 2.0),
        ],
      },
      { look: grey, steps: [step(0, 1.7, 4.1, 'sit'), step(1, 1.7, 4.1, 'sit')] },
    ],
  },
  {
    width: 7,
    depth: 6.5,
    wall: '#d9cfbf',
    floor: '#b79a78',
    tileM: 0.6,
    decals: [
      decal('poster', 'back', -2.4, 1.4),
      decal('door', 'back', 2, 0.95),
      decal('clock', 'back', 0.6, 0.5),
      decal('window', 'left', 2.8, 2),
    ],
    pieces: [f.counter(-2.6, 4.3, 3.6), f.plant(2.7, 5.2), f.seats(1.6, 3.2, 2)],
    actors: [
      {
        look: clerk,
        steps: [
          step(0, -1.2, 5.2, 'front'),
          step(0.3, -1.2, 5.2),
          step(0.4, -2.0, 5.3, 'front'),
          step(0.7, -2.0, 5.3),
          step(0.8, -1.2, 5.2, 'front'),
          step(1, -1.2, 5.2),
        ],
      },
      {
        look: green,
        steps: [
          step(0, -1.0, 3.6, 'back'),
          step(0.4, -1.0, 3.6),
          step(0.65, 2.4, 6.3),
          step(0.66, 2.4, 6.3, 'gone'),
          step(0.78, 2.4, 6.3),
          step(1, -1.0, 3.6),
        ],
      },
      {
        look: child,
        steps: [
          step(0, 0.2, 2.8, 'back'),
          step(0.25, 0.2, 2.8),
          step(0.45, 2.2, 2.4),
          step(0.6, 0.2, 2.8, 'side'),
          step(1, 0.2, 2.8),
        ],
      },
    ],
  },
  {
    width: 9,
    depth: 7.5,
    wall: '#c9d4d6',
    floor: '#9aa7a4',
    tileM: 0.7,
    decals: [
      decal('window', 'back', -3.2, 3),
      decal('poster', 'back', 1, 1.2),
      decal('door', 'right', 4.6, 1),
      decal('clock', 'back', 3, 0.5),
    ],
    pieces: [
      f.seats(-3.6, 5.6, 5),
      f.seats(-3.6, 3.2, 4),
      f.seats(1.5, 5.6, 3, '#8f5a3f'),
      f.plant(3.8, 6.6),
    ],
    actors: [
      { look: grey, steps: [step(0, -3.3, 5.5, 'sit'), step(1, -3.3, 5.5, 'sit')] },
      { look: violet, steps: [step(0, -2.05, 5.5, 'sit'), step(1, -2.05, 5.5, 'sit')] },
      {
        look: red,
        steps: [
          step(0, 1.8, 5.5, 'sit'),
          step(0.3, 1.8, 5.5, 'sit'),
          step(0.31, 1.8, 5.2),
          step(0.5, 0.6, 2.4, 'side'),
          step(0.65, 0.6, 2.4),
          step(0.9, 1.8, 5.2),
          step(0.91, 1.8, 5.5, 'sit'),
          step(1, 1.8, 5.5, 'sit'),
        ],
      },
      {
        look: nurse,
        steps: [
          step(0, 4.2, 4.8, 'gone'),
          step(0.1, 4.2, 4.8),
          step(0.5, -4.0, 4.6),
          step(0.55, -4.0, 4.6, 'back'),
          step(0.6, -4.0, 4.6),
          step(0.98, 4.2, 4.8),
          step(1, 4.2, 4.8, 'gone'),
        ],
      },
      {
        look: child,
        steps: [
          step(0, -1.5, 2.4),
          step(0.25, 1.8, 2.9),
          step(0.5, -1.5, 2.4, 'front'),
          step(0.7, -1.5, 2.4),
          step(0.85, -0.4, 3.0),
          step(1, -1.5, 2.4),
        ],
      },
    ],
  },
  corridor('#d6d8cf', '#8d9a9c', [
    {
      look: doctor,
      steps: [
        step(0, -0.5, 15.5),
        step(0.6, -0.7, 1.4),
        step(0.62, -0.7, 0.6, 'gone'),
        step(0.98, -0.5, 15.5, 'gone'),
        step(1, -0.5, 15.5),
      ],
    },
    {
      look: green,
      steps: [
        step(0, 0.7, 1.2, 'gone'),
        step(0.05, 0.7, 1.2),
        step(0.7, 0.6, 13),
        step(0.85, 0.6, 13, 'back'),
        step(0.9, 0.6, 15.5, 'gone'),
        step(1, 0.7, 1.2),
      ],
    },
    {
      look: nurse,
      steps: [
        step(0, 1.1, 6, 'side'),
        step(0.5, 1.1, 6),
        step(0.7, -1.2, 7),
        step(0.85, -1.2, 7, 'front'),
        step(1, 1.1, 6),
      ],
    },
  ]),
  corridor('#d8ccc6', '#a48f7c', [
    {
      look: nurse,
      steps: [
        step(0, -1.4, 5, 'gone'),
        step(0.1, -1.4, 5),
        step(0.22, 1.4, 5.3),
        step(0.23, 1.4, 5.3, 'gone'),
        step(0.6, 1.4, 5.3),
        step(0.72, -1.4, 5),
        step(0.73, -1.4, 5, 'gone'),
        step(1, -1.4, 5),
      ],
    },
    {
      look: grey,
      steps: [
        step(0, 0.4, 9),
        step(0.5, 0.2, 3.2),
        step(0.55, 0.2, 3.2, 'front'),
        step(0.6, 0.2, 3.2),
        step(1, 0.4, 9),
      ],
    },
  ]),
  {
    width: 5.5,
    depth: 5.5,
    wall: '#d4dcd2',
    floor: '#b39f84',
    tileM: 0.5,
    decals: [
      decal('window', 'back', -2, 1.8),
      decal('poster', 'back', 0.6, 1),
      decal('door', 'right', 3.6, 0.95),
    ],
    pieces: [f.desk(-1.9, 3.2, 1.7), f.bed(1.5, 3.2), f.cupboard(0.1, 4.9, 1.2, 1.4)],
    actors: [
      {
        look: doctor,
        steps: [
          step(0, -1.3, 3.95, 'sit'),
          step(0.55, -1.3, 3.95, 'sit'),
          step(0.56, -0.2, 4.2),
          step(0.68, 0.6, 4.4, 'side'),
          step(0.82, 0.6, 4.4),
          step(0.95, -0.2, 4.2),
          step(0.96, -1.3, 3.95, 'sit'),
          step(1, -1.3, 3.95, 'sit'),
        ],
      },
      {
        look: red,
        steps: [
          step(0, 2.6, 3.2, 'gone'),
          step(0.1, 2.6, 3.2),
          step(0.35, -0.4, 2.4, 'back'),
          step(0.75, -0.4, 2.4),
          step(0.97, 2.6, 3.2),
          step(1, 2.6, 3.2, 'gone'),
        ],
      },
    ],
  },
  {
    width: 5.5,
    depth: 5.5,
    wall: '#cfdad9',
    floor: '#a7b0ad',
    tileM: 0.5,
    decals: [decal('door', 'left', 3.4, 0.95), decal('poster', 'back', 0.6, 0.9)],
    pieces: [f.cupboard(-2.4, 4.9, 2.4), f.counter(0.7, 4.7, 1.9, '#d8dcd9'), f.table(-0.6, 2.9)],
    actors: [
      {
        look: nurse,
        steps: [
          step(0, -1.2, 4.3, 'back'),
          step(0.2, -1.2, 4.3),
          step(0.35, 1.5, 4.2, 'back'),
          step(0.6, 1.5, 4.2),
          step(0.75, 1.2, 3.1, 'side'),
          step(0.85, 1.2, 3.1),
          step(1, -1.2, 4.3),
        ],
      },
    ],
  },
  {
    width: 7.5,
    depth: 6,
    wall: '#dcd8cb',
    floor: '#9fa8ab',
    tileM: 0.6,
    decals: [
      decal('window', 'back', -3, 2.2),
      decal('window', 'back', 0.6, 2.2),
      decal('door', 'right', 4, 1),
    ],
    pieces: [
      f.bed(-2.9, 3.4),
      f.bed(-0.9, 3.4, '#b9d3a8'),
      f.bed(1.3, 3.4, '#d6b9a8'),
      f.cupboard(2.6, 5.4, 0.9, 1.3),
    ],
    actors: [
      {
        look: nurse,
        steps: [
          step(0, 3.4, 4.4, 'gone'),
          step(0.12, 3.4, 4.4),
          step(0.28, 0.6, 2.9),
          step(0.34, 0.45, 3.9, 'side'),
          step(0.5, 0.45, 3.9),
          step(0.55, -1.4, 2.9),
          step(0.6, -1.4, 3.9, 'side'),
          step(0.74, -1.4, 3.9),
          step(0.78, -1.4, 2.9),
          step(0.98, 3.4, 4.4),
          step(1, 3.4, 4.4, 'gone'),
        ],
      },
    ],
  },
  operatingRoom([
    { look: surgeon, steps: [step(0, -0.5, 4.4, 'front'), step(1, -0.5, 4.4, 'front')] },
    { look: { ...surgeon, heightM: 1.68 }, steps: [step(0, 0.6, 2.85, 'back'), step(1, 0.6, 2.85, 'back')] },
    {
      look: nurse,
      steps: [
        step(0, 2, 3.2, 'side'),
        step(0.2, 2, 3.2),
        step(0.4, 1.6, 5, 'front'),
        step(0.55, 1.6, 5),
        step(0.75, -2, 4.8),
        step(0.85, -2, 2.6),
        step(1, 2, 3.2),
      ],
    },
  ]),
  operatingRoom([
    {
      look: nurse,
      steps: [
        step(0, -2.8, 4.6, 'gone'),
        step(0.15, -2.8, 4.6),
        step(0.3, -0.6, 4.5, 'front'),
        step(0.5, -0.6, 4.5),
        step(0.62, 1.7, 4.4, 'side'),
        step(0.75, 1.7, 4.4),
        step(0.98, -2.8, 4.6),
        step(1, -2.8, 4.6, 'gone'),
      ],
    },
  ]),
  {
    width: 5,
    depth: 6.5,
    wall: '#b9bfc4',
    floor: '#7f868b',
    tileM: 0.6,
    decals: [decal('door', 'back', -0.5, 1)],
    pieces: [
      f.rack(-2.2, 2.6),
      f.rack(-2.2, 3.9),
      f.rack(-2.2, 5.2),
      f.rack(1.5, 2.6),
      f.rack(1.5, 3.9),
      f.rack(1.5, 5.2),
    ],
    actors: [
      {
        look: grey,
        steps: [
          step(0, 0, 6.3, 'gone'),
          step(0.3, 0, 6.3),
          step(0.5, -0.9, 3.4, 'side'),
          step(0.7, -0.9, 3.4),
          step(0.9, 0, 6.3),
          step(0.91, 0, 6.3, 'gone'),
          step(1, 0, 6.3),
        ],
      },
    ],
  },
  {
    width: 12,
    depth: 14,
    wall: '#a9aaa6',
    floor: '#77797a',
    tileM: 2.4,
    decals: [decal('door', 'back', -0.8, 1.6)],
    pieces: [
      f.car(-5, 3.8, '#8a2f2f'),
      f.car(-5, 9, '#d9dbdc'),
      f.car(3.1, 4.2, '#3a5a86'),
      f.pillar(-2.4, 7.4),
      f.pillar(2.1, 7.4),
      f.car(3.1, 9.5, '#2f3236'),
    ],
    actors: [
      {
        look: violet,
        steps: [
          step(0, -1.6, 2.6),
          step(0.7, -0.3, 13.4),
          step(0.71, -0.3, 13.4, 'gone'),
          step(0.99, -1.6, 2.6, 'gone'),
          step(1, -1.6, 2.6),
        ],
      },
      {
        look: red,
        steps: [
          step(0, 0.2, 13.4, 'gone'),
          step(0.15, 0.2, 13.4),
          step(0.75, 1.4, 4),
          step(0.85, 1.4, 4, 'front'),
          step(0.95, 3, 3.2),
          step(1, 3.6, 3, 'gone'),
        ],
      },
      {
        look: clerk,
        steps: [step(0, -6, 8.2), step(0.8, 6, 8.4), step(0.81, 6, 8.4, 'gone'), step(1, -6, 8.2)],
      },
    ],
  },
  {
    width: 6,
    depth: 5.5,
    wall: '#d3d6dc',
    floor: '#aaa08f',
    tileM: 0.5,
    decals: [decal('door', 'left', 3.6, 0.95), decal('window', 'right', 2.6, 1.5)],
    pieces: [
      f.cupboard(-2.6, 4.9, 2.4),
      f.cupboard(0.2, 4.9, 2.4, 1.9, '#cdd6d8'),
      f.counter(-1.6, 3.0, 3.2, '#bfc8c4'),
    ],
    actors: [
      {
        look: violet,
        steps: [
          step(0, -1, 3.9, 'front'),
          step(0.3, -1, 3.9),
          step(0.42, 1.3, 4.3, 'back'),
          step(0.58, 1.3, 4.3),
          step(0.7, 0.6, 3.9, 'front'),
          step(0.85, 0.6, 3.9),
          step(1, -1, 3.9),
        ],
      },
    ],
  },
];

function corridor(wall: string, floor: string, actors: readonly Actor[]): Room {
  return {
    width: 3.2,
    depth: 16,
    wall,
    floor,
    tileM: 0.8,
    decals: [
      decal('door', 'left', 3, 1),
      decal('door', 'left', 7, 1),
      decal('door', 'right', 4.6, 1),
      decal('door', 'right', 9, 1),
      decal('window', 'back', -0.8, 1.6),
      decal('poster', 'left', 5, 0.9),
    ],
    pieces: [plantAt(1.15, 11)],
    actors,
  };
}

function operatingRoom(actors: readonly Actor[]): Room {
  return {
    width: 6.5,
    depth: 6,
    wall: '#bfd3cd',
    floor: '#93a8a2',
    tileM: 0.65,
    decals: [
      decal('door', 'left', 3.8, 1.3),
      decal('clock', 'back', -0.25, 0.5),
      decal('glass', 'back', 1.2, 1.4),
    ],
    pieces: [f.table(-0.9, 3.3), f.cupboard(-3, 5.4, 1.8, 1.5, '#d7e0dd'), f.desk(1.8, 2.3, 1, '#c3ccd0')],
    actors,
  };
}

function plantAt(x: number, z: number): f.Piece {
  return f.plant(x, z);
}
