/** When a picture is to be shown, by the stream's own clock. */
export interface StreamClock {
  /**
   * @param rtpTime of the picture, 32 bits
   * @param arrivedMonoUs of its first packet
   * @returns ticks since the first picture; earlier than the one before only where pictures may be reordered
   */
  next(rtpTime: number, arrivedMonoUs: number): number;
  /** How many pictures may be shown before one that was sent earlier; undefined where the camera does not say. */
  reorder(pictures: number | undefined): void;
  /** The usual time between two pictures. */
  readonly usualTicks: number;
  /** Mean deviation of the arrival times, ticks (RFC 3550 §6.4.1). */
  readonly jitterTicks: number;
  /** Parts per million by which the stream's clock is faster than ours; undefined for the first minute. */
  readonly driftPpm: number | undefined;
  /** How often the camera's clock jumped; the pictures went on without a hole. */
  readonly jumps: number;
  /** RTP time to ticks since the first picture, near the latest picture; for sender reports. */
  ticksOf(rtpTime: number): number;
}

/** A picture shown before those sent earlier goes back by so many at most, where it may go back, or might. */
const FARTHEST_BACK_PICTURES = 17;
const FARTHEST_BACK_UNANNOUNCED = 4;
/** Below the least delay seen by more than this, and a picture comes from the future: the clock has jumped. */
const FUTURE_US = 300_000;
/** A step to be suspicious of: more usual pictures than this, and longer than this. */
const SUSPICIOUS_PICTURES = 3;
const SUSPICIOUS_US = 250_000;
/** The first step of all: nobody knows yet how far apart this stream's pictures are. */
const SUSPICIOUS_FIRST_US = 2_000_000;
/** What a fragment can hold as the time of one picture, with room. */
const LONGEST_STEP = 2 ** 31 - 1;
/** The least delay is forgotten at this pace, so that a drifting clock never looks like a jump. */
const FORGET_PPM = 500;
const DRIFT_WINDOW_US = 30_000_000;

/**
 * Follows a stream's clock: its 32 bits turn every 13 hours, a camera that sets its clock makes them jump, and
 * packets that are lost leave holes that are real. A jump is told from a hole by the network, which delays
 * pictures but never brings them before they were made.
 *
 * @param clockRate ticks per second of the RTP times
 */
export function createStreamClock(clockRate: number): StreamClock {
  let mostBack = 0;
  const toUs = 1_000_000 / clockRate;
  let latestRtp: number | undefined;
  let latestTicks = 0;
  /** The latest time at which a picture is shown: where pictures are reordered the latest one sent lies before it. */
  let frontier = 0;
  let latestMonoUs = 0;
  let usualTicks = Math.max(1, Math.round(clockRate / 30));
  let settled = false;
  let leastDelayUs = 0;
  let jitterTicks = 0;
  let jumps = 0;
  /** Least delay of the first window, of the running one, and when they were. */
  let drift: { originUs: number; originMonoUs: number; leastUs: number; untilMonoUs: number } | undefined;
  let driftPpm: number | undefined;

  const followDrift = (delayUs: number, monoUs: number) => {
    drift ??= { originUs: NaN, originMonoUs: NaN, leastUs: delayUs, untilMonoUs: monoUs + DRIFT_WINDOW_US };
    drift.leastUs = Math.min(drift.leastUs, delayUs);
    if (monoUs < drift.untilMonoUs) return;
    if (Number.isNaN(drift.originUs)) Object.assign(drift, { originUs: drift.leastUs, originMonoUs: monoUs });
    else driftPpm = ((drift.originUs - drift.leastUs) / (monoUs - drift.originMonoUs)) * 1e6;
    Object.assign(drift, { leastUs: delayUs, untilMonoUs: monoUs + DRIFT_WINDOW_US });
  };

  return {
    next(rtpTime, monoUs) {
      if (latestRtp === undefined) {
        latestRtp = rtpTime;
        latestMonoUs = monoUs;
        leastDelayUs = monoUs;
        return 0;
      }
      const step = (rtpTime - latestRtp) | 0;
      let ticks = latestTicks + step;
      const waitedUs = monoUs - latestMonoUs;
      const delayUs = monoUs - ticks * toUs;
      const suspicious =
        step > SUSPICIOUS_PICTURES * usualTicks &&
        step * toUs > (settled ? SUSPICIOUS_US : SUSPICIOUS_FIRST_US);
      const fromTheFuture = suspicious && delayUs < leastDelayUs - FUTURE_US;
      const wentBack = step < 0 && -step > mostBack * usualTicks;
      if (fromTheFuture || wentBack) {
        // The pictures go on: after a pause by as much as it lasted, otherwise as usual.
        jumps += 1;
        const pauseTicks = Math.min(Math.round(waitedUs / toUs), LONGEST_STEP);
        ticks =
          frontier + (pauseTicks > SUSPICIOUS_PICTURES * usualTicks ? pauseTicks : Math.round(usualTicks));
        leastDelayUs = Math.min(leastDelayUs, monoUs - ticks * toUs);
        drift = undefined;
      } else {
        // One picture goes far and those shown before it do not: the mean is the time of one picture. A hole is not.
        const most = (SUSPICIOUS_PICTURES + mostBack) * usualTicks;
        const further = Math.min(Math.max(0, ticks - frontier), most);
        if (settled) usualTicks = Math.max(1, usualTicks + (further - usualTicks) / 32);
        else if (step > 0) [usualTicks, settled] = [step, true];
        const deviation = Math.abs(waitedUs / toUs - step);
        jitterTicks += (deviation - jitterTicks) / 16;
        leastDelayUs = Math.min(leastDelayUs + (Math.max(0, waitedUs) * FORGET_PPM) / 1e6, delayUs);
        followDrift(delayUs, monoUs);
      }
      latestRtp = rtpTime;
      latestTicks = ticks;
      frontier = Math.max(frontier, ticks);
      latestMonoUs = monoUs;
      return ticks;
    },
    reorder(pictures) {
      mostBack =
        pictures === undefined ? FARTHEST_BACK_UNANNOUNCED : pictures === 0 ? 0 : FARTHEST_BACK_PICTURES;
    },
    ticksOf: (rtpTime) => latestTicks + ((rtpTime - (latestRtp ?? rtpTime)) | 0),
    get usualTicks() {
      return Math.round(usualTicks);
    },
    get jitterTicks() {
      return jitterTicks;
    },
    get driftPpm() {
      return driftPpm;
    },
    get jumps() {
      return jumps;
    },
  };
}
