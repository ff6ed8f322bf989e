import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import onvif from 'onvif';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DISCOVERY_GROUP } from '../../../demo/onvif/discovery.ts';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';

let site: SimulatedSite;

beforeAll(async () => {
  site = await startSimulatedSite({
    addresses: 'one',
    count: 4,
    rtspPort: 0,
    onvifPort: 0,
    discoveryPort: 0,
  });
});
afterEach(() => void site.faults.clear());
afterAll(() => site?.stop());

/** The public client, connected, with its calls as promises. */
function connect(
  number: number,
  options: { password?: string; useWSSecurity?: boolean } = {},
): Promise<InstanceType<typeof onvif.Cam>> {
  const { address, onvifPort } = site.cameras[number - 1]!;
  const { password = site.password, useWSSecurity = true } = options;
  return new Promise((resolve, reject) => {
    const cam = new onvif.Cam(
      {
        hostname: address,
        port: onvifPort,
        username: site.user,
        password,
        timeout: 4000,
        useWSSecurity,
      } as ConstructorParameters<typeof onvif.Cam>[0],
      (error: unknown) => (error ? reject(error) : resolve(cam)),
    );
    cam.on('warning', (text: unknown) => reject(new Error(String(text))));
  });
}

const streamUri = (cam: InstanceType<typeof onvif.Cam>, profileToken: string): Promise<string> =>
  new Promise((resolve, reject) => {
    cam.getStreamUri({ protocol: 'RTSP', profileToken }, (error, reply) =>
      error ? reject(error) : resolve((reply as { uri: string }).uri),
    );
  });

/** A bare SOAP call with a WS-Security token made for `utcMs`. */
async function call(
  number: number,
  operation: string,
  utcMs = Date.now(),
): Promise<{ status: number; text: string }> {
  const [nonce, created] = [randomBytes(16), new Date(utcMs).toISOString()];
  const digest = createHash('sha1').update(nonce).update(created).update(site.password).digest('base64');
  const token = `<Security><UsernameToken><Username>${site.user}</Username><Password>${digest}</Password><Nonce>${nonce.toString('base64')}</Nonce><Created>${created}</Created></UsernameToken></Security>`;
  const body = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>${token}</s:Header><s:Body><${operation} xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>`;
  const reply = await fetch(site.cameras[number - 1]!.onvif, { method: 'POST', body });
  return { status: reply.status, text: await reply.text() };
}

describe('the ONVIF service', () => {
  it.each([true, false])(
    'leads the public client to main and sub (WS-Security: %s)',
    async (useWSSecurity) => {
      const cam = await connect(4, { useWSSecurity });
      const profiles = cam.profiles as unknown as {
        $: { token: string };
        videoEncoderConfiguration: { encoding: string; resolution: { width: number } };
      }[];
      expect(
        profiles.map((profile) => [
          profile.$.token,
          profile.videoEncoderConfiguration.encoding,
          profile.videoEncoderConfiguration.resolution.width,
        ]),
      ).toEqual([
        ['profile_main', 'H265', 640],
        ['profile_sub', 'H264', 320],
      ]);
      expect(await streamUri(cam, 'profile_main')).toBe(site.cameras[3]!.urls.main);
      expect(await streamUri(cam, 'profile_sub')).toBe(site.cameras[3]!.urls.sub);
    },
  );

  it('refuses a wrong password, and every password when told to', async () => {
    await expect(connect(1, { password: 'wrong' })).rejects.toThrow(/not ?authorized/i);
    site.faults.set({ camera: 'cam01', kind: 'refuse_login' });
    await expect(connect(1)).rejects.toThrow(/not ?authorized/i);
    await expect(connect(2)).resolves.toBeDefined();
  });

  it('takes a token only within five seconds of its own clock, which can be wrong', async () => {
    expect((await call(1, 'GetDeviceInformation')).status).toBe(200);
    expect((await call(1, 'GetDeviceInformation', Date.now() - 8000)).text).toContain('NotAuthorized');
    site.faults.set({ camera: 'cam01', kind: 'clock_skew', seconds: 3600 });
    expect((await call(1, 'GetDeviceInformation')).status).toBe(400);
    expect((await call(1, 'GetDeviceInformation', Date.now() + 3_600_000)).status).toBe(200);
    // A client that asks for the time first gets in all the same.
    await expect(connect(1)).resolves.toBeDefined();
  });

  it('gives its snapshot to nobody without a login', async () => {
    const { address, onvifPort } = site.cameras[0]!;
    const reply = await fetch(`http://${address}:${onvifPort}/snapshot.jpg`);
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toContain('Digest');
  });

  it('sends ten megabytes, a bomb or one byte a second when told to', async () => {
    site.faults.set({ camera: 'cam01', kind: 'onvif_huge' });
    expect((await call(1, 'GetServices')).text.length).toBeGreaterThan(10_000_000);
    site.faults.clear();
    site.faults.set({ camera: 'cam01', kind: 'onvif_entity_bomb' });
    expect((await call(1, 'GetServices')).text).toContain('<!ENTITY j');
    site.faults.clear();
    site.faults.set({ camera: 'cam01', kind: 'onvif_slow' });
    const slow = await fetch(site.cameras[0]!.onvif, { method: 'POST', body: 'x' });
    const first = await slow.body!.getReader().read();
    expect(first.value!.length).toBeLessThan(5);
  });
});

describe('WS-Discovery', () => {
  const PROBE = `<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"><Header><MessageID>urn:uuid:1</MessageID></Header><Body><Probe xmlns="http://schemas.xmlsoap.org/ws/2005/04/discovery"><Types>dn:NetworkVideoTransmitter</Types></Probe></Body></Envelope>`;

  async function probe(target: string): Promise<string[]> {
    const socket = createSocket('udp4');
    const replies: string[] = [];
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    socket.setMulticastInterface('127.0.0.1');
    const all = new Promise<void>((resolve) => {
      socket.on(
        'message',
        (message) => replies.push(message.toString()) === site.cameras.length && resolve(),
      );
    });
    socket.send(PROBE, site.discovery!.port, target);
    await Promise.race([all, new Promise((resolve) => setTimeout(resolve, 5000))]);
    socket.close();
    return replies;
  }

  it.each([['127.0.0.1'], [DISCOVERY_GROUP]])(
    'answers a probe sent to %s with every camera there',
    async (target) => {
      expect(site.discovery!.multicast).toBe(true);
      const replies = await probe(target);
      for (const camera of site.cameras)
        expect(replies.some((reply) => reply.includes(camera.onvif))).toBe(true);
      expect(replies.every((reply) => reply.includes('<a:RelatesTo>urn:uuid:1</a:RelatesTo>'))).toBe(true);
    },
  );
});
