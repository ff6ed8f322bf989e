import { Cam } from 'onvif';
import type { Clock } from '../../lib/clock.ts';
import { chooseStreams } from '../choose-streams.ts';
import { find, readSoap, type SoapElement, SoapRefused } from '../soap-tree.ts';
import { createCappedAgent } from './capped-agent.ts';
import type { OnvifFailure, OnvifReply, OnvifRequest } from './messages.ts';
import { clockOffsetMs, deviceOf, faultOf, profilesOf, streamUriOf } from './read-replies.ts';
import { signWith } from './sign.ts';

export class OnvifFailed extends Error {
  readonly code: OnvifFailure['code'];
  constructor(code: OnvifFailure['code'], reason: string) {
    super(reason.replace(/[\p{Cc}]/gu, ' ').slice(0, 150));
    this.code = code;
  }
}

/**
 * Device time first (it needs no login, and its skew makes the login's time stamp acceptable), then who it is,
 * its profiles, and the address of each chosen stream.
 *
 * Replies are read by {@link readSoap} and not from the package's objects: it guesses types (a token `1.10`
 * becomes the number 1.1) and collapses lists of one.
 *
 * @param onRefused called from inside a reply, where nothing can be thrown.
 * @throws {OnvifFailed | SoapRefused}
 */
export async function resolveDevice(
  request: OnvifRequest,
  clock: Clock,
  onRefused: (error: Error) => void,
): Promise<OnvifReply> {
  let reply: SoapElement | undefined;
  let status = 0;
  const cam = new Cam({
    hostname: request.address,
    port: request.port,
    path: request.path,
    ...(request.user === undefined ? {} : { username: request.user }),
    ...(request.password === undefined ? {} : { password: request.password }),
    useSecure: request.secure,
    // Cameras have certificates of their own making; the address is pinned and the login is a digest.
    secureOpts: { rejectUnauthorized: false },
    autoconnect: false,
    preserveAddress: true,
    agent: createCappedAgent(request.secure, () => onRefused(new SoapRefused('larger than 64 kB'))),
  });
  signWith(cam, request, clock);
  // Emitted before the package parses: what is thrown here keeps it from doing so.
  cam.on('rawResponse', (xml: string, httpStatus: number) => {
    status = httpStatus;
    reply = xml.trim() === '' || !xml.includes('<') ? undefined : readSoap(xml);
  });

  /** One call; resolves with the reply as we read it. */
  const call = (act: (done: (error: Error | null | undefined) => void) => void): Promise<SoapElement> => {
    reply = undefined;
    status = 0;
    return new Promise((resolve, reject) => {
      act((error) => {
        if (!error && reply) resolve(reply);
        else reject(explain(error, reply, status));
      });
    });
  };

  const askedUs = clock.utcUs();
  const time = await call((done) => cam.getSystemDateAndTime(done));
  const offset = clockOffsetMs(time, (askedUs + clock.utcUs()) / 2);
  const device = await call((done) => cam.getDeviceInformation(done)).catch(unlessLogin);
  await call((done) => cam.getServices(false, done)).catch((error: unknown) => {
    unlessLogin(error);
    return call((done) => cam.getCapabilities(done));
  });
  const profiles = await readProfiles();
  const chosen = chooseStreams(profiles);
  if (!chosen) throw new OnvifFailed('camera_no_stream', `${profiles.length} profiles, none H.264 or H.265`);
  const main = { profile: chosen.main, uri: await streamUri(chosen.main.token) };
  const sub = chosen.sub && { profile: chosen.sub, uri: await streamUri(chosen.sub.token) };
  return {
    outcome: 'resolved',
    device: device ? deviceOf(device) : {},
    ...(offset === undefined ? {} : { clockOffsetMs: offset }),
    main,
    ...(sub ? { sub } : {}),
  };

  /** Some cameras announce Media2 and do not answer there: fall back to Media. */
  async function readProfiles() {
    try {
      const found = profilesOf(await call((done) => cam.getProfiles(done)));
      if (found.length > 0 || !cam.media2Support) return found;
    } catch (error) {
      unlessLogin(error);
      if (!cam.media2Support) throw error;
    }
    cam.media2Support = false;
    return profilesOf(await call((done) => cam.getProfiles(done)));
  }

  async function streamUri(token: string): Promise<string> {
    const profileToken = token.replace(/[<>&]/g, (letter) => `&#${letter.charCodeAt(0)};`);
    const answer = await call((done) => cam.getStreamUri({ protocol: 'RTSP', profileToken }, done));
    const uri = streamUriOf(answer);
    if (uri === undefined) throw new OnvifFailed('camera_no_stream', 'no stream address given');
    return uri;
  }
}

/** For calls that a camera may refuse without harm; a refused login would only repeat itself. */
function unlessLogin(error: unknown): undefined {
  if (error instanceof OnvifFailed && error.code === 'camera_login_refused') throw error;
  if (error instanceof OnvifFailed && error.code === 'camera_unreachable') throw error;
  return undefined;
}

function explain(error: Error | null | undefined, reply: SoapElement | undefined, status: number): Error {
  if (error instanceof SoapRefused) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const message = error?.message ?? '';
  const fault = reply && faultOf(reply);
  if (status === 401 || /authentication failed|Digest authentication/i.test(message) || fault?.login)
    return new OnvifFailed('camera_login_refused', fault?.reason || 'login refused');
  if (fault) return new OnvifFailed('camera_reply_refused', fault.reason || 'SOAP fault');
  if (code !== undefined || message === 'Network timeout')
    return new OnvifFailed('camera_unreachable', code ?? 'timeout');
  if (find(reply, 'Body') === undefined)
    return new OnvifFailed('camera_reply_refused', `no SOAP reply (HTTP ${status})`);
  return new OnvifFailed('camera_reply_refused', 'the reply lacks what the standard demands');
}
