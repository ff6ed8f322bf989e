import type { Clock } from '../src/lib/clock.ts';
import type { ClinicCamera, DemoStream } from './clinic.ts';
import type { FaultBoard } from './faults.ts';
import type { OnvifDevice } from './onvif/device.ts';
import type { RtspServer } from './rtsp/server.ts';

/** One simulated camera as a machine that can be switched on and off. */
export interface CameraPower {
  /** @returns the ports that were taken; they stay the same over reboots. */
  on(): Promise<{ rtspPort: number; onvifPort: number }>;
  off(): Promise<void>;
}

const RETRY_MS = 250;

/** Joins a camera's two servers and obeys the faults `reboot` and `reset`. */
export function createCameraPower(
  deps: { readonly clock: Clock; readonly faults: FaultBoard },
  camera: ClinicCamera,
  rtsp: RtspServer,
  onvif: OnvifDevice,
): CameraPower {
  const { clock, faults } = deps;
  let wanted = false;
  let running = false;
  let turn: Promise<void> = Promise.resolve();

  const start = async () => {
    const rtspPort = await rtsp.listen();
    try {
      return { rtspPort, onvifPort: await onvif.listen() };
    } catch (error) {
      await rtsp.close();
      throw error;
    }
  };
  const stop = async () => {
    await Promise.all([rtsp.close(), onvif.close()]);
  };

  /** Brings the servers to where they should be, one change after the other. */
  function settle(): void {
    turn = turn.then(async () => {
      const should = wanted && !faults.find(camera.id, undefined, 'reboot');
      if (should === running) return;
      if (!should) {
        await stop();
        running = false;
        return;
      }
      try {
        await start();
        running = true;
      } catch {
        // Somebody took the port while the camera was down: like a real one, it comes up when it can.
        clock.after(RETRY_MS, settle);
      }
    });
  }

  faults.onChange((fault, active) => {
    if (fault.camera !== camera.id || !wanted) return;
    if (fault.kind === 'reboot') settle();
    if (fault.kind === 'reset' && active) rtsp.reset();
  });

  return {
    async on() {
      const ports = await start();
      wanted = true;
      running = true;
      return ports;
    },
    async off() {
      wanted = false;
      settle();
      await turn;
    },
  };
}

export const streamUrls = (
  address: string,
  port: number,
  scheme: 'rtsp' | 'rtsps',
): Record<DemoStream, string> => ({
  main: `${scheme}://${address}:${port}/main`,
  sub: `${scheme}://${address}:${port}/sub`,
  night: `${scheme}://${address}:${port}/night`,
});
