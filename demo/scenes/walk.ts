import { type View, WALK_PHASES } from './person.ts';
import type { Actor } from './rooms.ts';

/** What an actor does at one moment. */
export interface Stance {
  readonly x: number;
  readonly z: number;
  readonly view: View;
  readonly mirrored: boolean;
  readonly walking: boolean;
  readonly phase: number;
  /** 0…1: fading in and out at a doorway. */
  readonly solid: number;
}

const STRIDE_M = 1.3;
const FADE = 0.015;

/** Where an actor is at `at` (0…1 of the loop); undefined while out of the room. Pure: the loop closes on itself. */
export function stanceOf(actor: Actor, at: number): Stance | undefined {
  const { steps } = actor;
  let walkedM = 0;
  for (let i = 0; i + 1 < steps.length; i++) {
    const [from, to] = [steps[i]!, steps[i + 1]!];
    const distance = Math.hypot(to.x - from.x, to.z - from.z);
    if (at > to.at) {
      walkedM += distance;
      continue;
    }
    if (from.pose === 'gone') return undefined;
    const part = to.at > from.at ? (at - from.at) / (to.at - from.at) : 1;
    const x = from.x + (to.x - from.x) * part;
    const z = from.z + (to.z - from.z) * part;
    const before = steps[i - 1] ?? steps[steps.length - 2];
    const appears = before?.pose === 'gone' ? (at - from.at) / FADE : 1;
    const leaves = to.pose === 'gone' ? (to.at - at) / FADE : 1;
    const solid = Math.max(0, Math.min(1, appears, leaves));
    if (distance < 0.02) {
      const pose = from.pose ?? to.pose ?? 'front';
      const view = pose === 'gone' ? 'front' : pose;
      return { x, z, view, mirrored: false, walking: false, phase: 0, solid };
    }
    const [dx, dz] = [to.x - from.x, to.z - from.z];
    const view: View = Math.abs(dx) > Math.abs(dz) * 0.7 ? 'side' : dz > 0 ? 'back' : 'front';
    const phase = Math.floor((((walkedM + distance * part) / STRIDE_M) % 1) * WALK_PHASES);
    return { x, z, view, mirrored: dx < 0, walking: true, phase, solid };
  }
  return undefined;
}
