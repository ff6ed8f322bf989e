import { systemClock } from '../../lib/clock.ts';
import { SoapRefused } from '../soap-tree.ts';
import { type OnvifReply, onvifRequestSchema } from './messages.ts';
import { OnvifFailed, resolveDevice } from './resolve-device.ts';

/**
 * Talks to one camera and ends. Runs without our environment, files or secrets (except this camera's), because
 * it hands a stranger's XML to a parser that we did not write; the parent kills it after its time is up.
 */
process.once('message', (message) => {
  // The package throws inside its own callbacks when a reply lacks something; that lands here.
  process.once('uncaughtException', (error) => say(failureOf(error)));
  resolveDevice(onvifRequestSchema.parse(message), systemClock, (error) => say(failureOf(error))).then(
    say,
    (error: unknown) => say(failureOf(error)),
  );
});

// Its time is counted from here on: what it takes to get so far is no camera's.
process.send?.({ begun: true });

let said = false;
function say(reply: OnvifReply): void {
  if (said) return;
  said = true;
  process.send?.(reply, () => process.exit(0));
}

function failureOf(error: unknown): OnvifReply {
  if (error instanceof OnvifFailed) return { outcome: 'failed', code: error.code, reason: error.message };
  const reason = error instanceof SoapRefused ? error.message : 'the reply lacks what the standard demands';
  return { outcome: 'failed', code: 'camera_reply_refused', reason };
}
