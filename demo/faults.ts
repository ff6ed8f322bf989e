import type { Cancel, Clock } from '../src/lib/clock.ts';
import type { DemoStream } from './clinic.ts';

/** What can go wrong with a simulated camera, on order. */
export const FAULT_KINDS = [
  /** RTSP connections are accepted and never answered. */
  'stall_connect',
  /** PLAY is answered, then nothing comes (sessions started while active). */
  'stall_play',
  /** Nothing comes in any session; connections stay open. */
  'stall',
  /** Every connection is reset now, and new ones at once while active. */
  'reset',
  /** Ports closed, everything dropped, until the fault ends. */
  'reboot',
  /** Every login is refused (RTSP and ONVIF). */
  'refuse_login',
  /** `rate`: share of RTP payload bytes that are flipped. */
  'corrupt',
  /** `rate`: share of RTP packets that are lost (UDP and TCP). */
  'drop',
  /** `rate`: share of RTP packets that come up to three packets late (UDP). */
  'reorder',
  /** `rate`: share of RTP packets that come twice (UDP). */
  'duplicate',
  /** `seconds` (may be negative): RTP time runs that much off. */
  'time_jump',
  /** RTP time passes 2³² after `seconds` (default 10). */
  'time_wrap',
  /** Another picture size from the next key frame on, announced in band. */
  'parameter_change',
  /** Somebody turned the camera: it looks elsewhere in its room (sub-stream of the first camera). */
  'turned',
  /** Something hangs before it: next to nothing is to be seen (sub-stream of the first camera). */
  'covered',
  /** P-frames only, for at most 79 s (H.264 main streams). */
  'no_key_frame',
  /** Picture packets stop, the sound goes on. */
  'audio_only',
  /** `seconds`: the camera's own clock is off (ONVIF, WS-Security, RTCP). */
  'clock_skew',
  /** The SDP names another codec than the packets have. */
  'wrong_codec',
  'garbage_sdp',
  /** DESCRIBE is answered with one redirect after the other. */
  'redirect',
  /** ONVIF replies of 10 MB. */
  'onvif_huge',
  /** ONVIF replies with nested entities. */
  'onvif_entity_bomb',
  /** ONVIF replies come one byte a second. */
  'onvif_slow',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface FaultOrder {
  /** Camera id. */
  readonly camera: string;
  /** All streams of the camera when absent. */
  readonly stream?: DemoStream | undefined;
  readonly kind: FaultKind;
  /** 0…1, for `drop`, `reorder`, `duplicate` and `corrupt` (default 0.01, for `corrupt` 0.0001). */
  readonly rate?: number | undefined;
  /** For `time_jump`, `time_wrap`, `clock_skew`. */
  readonly seconds?: number | undefined;
  /** Ends by itself after this; without it when cleared. */
  readonly durationMs?: number | undefined;
}

export interface Fault extends FaultOrder {
  readonly id: number;
}

export interface FaultBoard {
  set(order: FaultOrder): Fault;
  /** Ends faults: one, those of a camera, or all. @returns how many ended. */
  clear(filter?: {
    readonly id?: number | undefined;
    readonly camera?: string | undefined;
    readonly kind?: FaultKind | undefined;
  }): number;
  list(): readonly Fault[];
  /** The fault of that kind that is active for a stream (or for the camera as a whole). */
  find(camera: string, stream: DemoStream | undefined, kind: FaultKind): Fault | undefined;
  /** Whether anything at all is wrong with a camera: the fast path of every frame. */
  any(camera: string): boolean;
  /** Told of every start and end. */
  onChange(listener: (fault: Fault, active: boolean) => void): void;
}

export function createFaultBoard(clock: Clock): FaultBoard {
  const active = new Map<string, Fault[]>();
  const timers = new Map<number, Cancel>();
  const listeners: ((fault: Fault, active: boolean) => void)[] = [];
  let nextId = 1;

  function end(fault: Fault): void {
    timers.get(fault.id)?.();
    timers.delete(fault.id);
    const rest = (active.get(fault.camera) ?? []).filter((other) => other.id !== fault.id);
    if (rest.length) active.set(fault.camera, rest);
    else active.delete(fault.camera);
    for (const listener of listeners) listener(fault, false);
  }

  const list = () => [...active.values()].flat();

  return {
    set(order) {
      const fault: Fault = { ...order, id: nextId++ };
      active.set(fault.camera, [...(active.get(fault.camera) ?? []), fault]);
      if (fault.durationMs !== undefined)
        timers.set(
          fault.id,
          clock.after(fault.durationMs, () => end(fault)),
        );
      for (const listener of listeners) listener(fault, true);
      return fault;
    },
    clear(filter = {}) {
      const chosen = list().filter(
        (fault) =>
          (filter.id === undefined || fault.id === filter.id) &&
          (filter.camera === undefined || fault.camera === filter.camera) &&
          (filter.kind === undefined || fault.kind === filter.kind),
      );
      chosen.forEach(end);
      return chosen.length;
    },
    list,
    find: (camera, stream, kind) =>
      active
        .get(camera)
        ?.find((fault) => fault.kind === kind && (!fault.stream || !stream || fault.stream === stream)),
    any: (camera) => active.has(camera),
    onChange: (listener) => void listeners.push(listener),
  };
}
