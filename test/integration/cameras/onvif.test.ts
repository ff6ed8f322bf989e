import { afterEach, describe, expect, it } from 'vitest';
import { createAddressPolicy } from '../../../src/cameras/address-policy.ts';
import { createOnvif } from '../../../src/cameras/onvif/onvif.ts';
import { resolveCamera } from '../../../src/cameras/stream-source.ts';
import type { CameraConfig } from '../../../src/config/config.ts';
import { createNetworks } from '../../../src/config/networks.ts';
import { createSecrets } from '../../../src/config/secrets.ts';
import { GirokError } from '../../../src/lib/errors.ts';
import type { CameraId } from '../../../src/lib/ids.ts';
import { type OnvifPeer, type OnvifScript, startOnvifPeer } from '../../support/onvif-device.ts';

const PASSWORD = 'pa&ss<wörd>';
const peers: OnvifPeer[] = [];
afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

async function resolve(
  script: OnvifScript,
  options: { password?: string; user?: string; wallMs?: number } = {},
) {
  const peer = await startOnvifPeer(script);
  peers.push(peer);
  const user = options.user ?? 'girok';
  const camera = {
    id: 'cam01' as CameraId,
    source: {
      kind: 'onvif',
      deviceUrl: peer.url,
      credential: { user, password: { kind: 'env', name: 'CAMERA_PASSWORD' } },
      client: 'rtsp',
      transport: 'udp',
    },
  } as CameraConfig;
  const resolved = resolveCamera(camera, {
    policy: createAddressPolicy({
      networks: createNetworks(['127.0.0.0/8']),
      lookup: () => Promise.reject(Object.assign(new Error('no DNS here'), { code: 'ENOTFOUND' })),
    }),
    onvif: createOnvif(options.wallMs),
    secrets: createSecrets({ env: { CAMERA_PASSWORD: options.password ?? PASSWORD }, uid: 0 }),
  });
  return { peer, resolved };
}

async function refusal(script: OnvifScript, options: Parameters<typeof resolve>[1] = {}) {
  const { resolved, peer } = await resolve(script, options);
  const error = await resolved.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(GirokError);
  const said = JSON.stringify([(error as Error).message, (error as GirokError).facts]);
  expect(said).not.toContain(PASSWORD);
  return { code: (error as GirokError).code, facts: (error as GirokError).facts, peer };
}

describe('resolving a camera by ONVIF', () => {
  it('asks for the time first and finds the main and the small stream', async () => {
    const { peer, resolved } = await resolve({ password: PASSWORD });
    const { main, sub, clockOffsetMs, device } = await resolved;
    expect(peer.asked).toEqual([
      'GetSystemDateAndTime',
      'GetDeviceInformation',
      'GetServices',
      'GetProfiles',
      'GetStreamUri',
      'GetStreamUri',
    ]);
    expect(main).toMatchObject({
      address: '127.0.0.1',
      url: `rtsp://127.0.0.1:${peer.port}/stream/1.10?a=1&b=2`,
      client: 'rtsp',
      transport: 'udp',
      announced: { codec: 'h264', width: 1920, height: 1080, fps: 15, bitsPerSecond: 4_096_000 },
    });
    expect(sub?.announced).toMatchObject({ width: 640, height: 360 });
    expect(Math.abs(clockOffsetMs ?? Number.NaN)).toBeLessThan(1000);
    expect(device).toEqual({ manufacturer: 'Scripted', model: '007', firmware: '1.10' });
    expect(JSON.stringify(main)).not.toContain(PASSWORD);
  });

  it('keeps tokens that look like numbers or booleans to the letter', async () => {
    const { resolved } = await resolve({ mainToken: '00001.50', password: PASSWORD });
    const { main, sub } = await resolved;
    expect(main.url).toContain('/stream/00001.50?');
    expect(sub?.url).toContain('/stream/true?');
  });

  it('logs in to a camera whose clock is an hour wrong, and says by how much', async () => {
    const { resolved } = await resolve({ password: PASSWORD, skewMs: -3_600_000 });
    expect(Math.abs(((await resolved).clockOffsetMs ?? 0) + 3_600_000)).toBeLessThan(1000);
  });

  it('says that the login was refused when the password is wrong', async () => {
    expect(await refusal({ password: 'another' })).toMatchObject({
      code: 'camera_login_refused',
      facts: { camera: 'cam01' },
    });
  });

  it.each([
    ['a host outside the networks', 'rtsp://192.0.2.7/stream', 'camera_outside_networks'],
    ['a cloud metadata address', 'rtsp://169.254.169.254/latest', 'camera_outside_networks'],
    ['a decimal spelling of an outside address', 'rtsp://3221225991/stream', 'camera_outside_networks'],
    ['another host inside the networks', 'rtsp://127.0.0.2/stream', 'camera_url_refused'],
    ['another scheme', 'http://127.0.0.1/stream', 'camera_url_refused'],
    ['a file', 'file:///etc/passwd', 'camera_url_refused'],
    ['a control character', 'rtsp://127.0.0.1/a&#10;b', 'camera_url_refused'],
    ['513 bytes', `rtsp://127.0.0.1/${'a'.repeat(600)}`, 'camera_url_refused'],
  ])('refuses a stream address with %s', async (_what, streamUri, code) => {
    expect((await refusal({ streamUri })).code).toBe(code);
  });

  it('takes user and password out of the address that the camera gives', async () => {
    const { resolved } = await resolve({ streamUri: 'rtsp://admin:12345@127.0.0.1:554/s' });
    expect((await resolved).main.url).toBe('rtsp://127.0.0.1:554/s');
  });
});

describe('a hostile camera', () => {
  it('cannot send more than 64 kB', async () => {
    const { facts, code } = await refusal({
      raw: (_request, response) => response.end('<a>'.repeat(4_000_000)),
    });
    expect({ code, reason: facts.reason }).toEqual({
      code: 'camera_reply_refused',
      reason: 'larger than 64 kB',
    });
  });

  it.each([
    ['an entity bomb', `<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>`],
    ['nesting a thousand deep', `${'<a>'.repeat(1000)}${'</a>'.repeat(1000)}`],
    ['an error page', '<html><body><p>Not Found</body></html>'],
    ['a fault without words', soapFault()],
    ['an empty envelope', '<E><Body/></E>'],
    ['no XML at all', '\u0000\u0001 hello'],
    ['nothing', ''],
  ])('is refused when it answers with %s', async (_what, body) => {
    const { code } = await refusal({ raw: (_request, response) => response.end(body) });
    expect(code).toBe('camera_reply_refused');
  });

  it('is not followed when it redirects', async () => {
    const elsewhere = await startOnvifPeer();
    peers.push(elsewhere);
    const { code } = await refusal({
      raw: (_request, response) => response.writeHead(302, { location: elsewhere.url }).end(),
    });
    expect(code).toBe('camera_reply_refused');
    expect(elsewhere.asked).toEqual([]);
  });

  it('is given up on when it answers one byte at a time', async () => {
    const timers: NodeJS.Timeout[] = [];
    const { code } = await refusal(
      {
        raw: (_request, response) => {
          response.writeHead(200);
          timers.push(setInterval(() => response.write(' '), 50));
        },
      },
      { wallMs: 1200 },
    );
    timers.forEach(clearInterval);
    expect(code).toBe('camera_unreachable');
  });

  it('is called unreachable when nothing listens there', async () => {
    const { peer, resolved } = await resolve({});
    await resolved;
    await peer.close();
    const onvif = createOnvif();
    await expect(
      onvif.resolve({ address: '127.0.0.1', port: peer.port, path: '/', secure: false }),
    ).rejects.toMatchObject({ code: 'camera_unreachable', facts: { reason: 'ECONNREFUSED' } });
  });

  it.each([
    [
      'profiles of absurd size',
      '<Profiles token="x"><VideoEncoder><Encoding>H264</Encoding><Resolution><Width>1e99</Width><Height>-1</Height></Resolution></VideoEncoder></Profiles>',
    ],
    [
      'JPEG only',
      '<Profiles token="x"><VideoEncoder><Encoding>JPEG</Encoding><Resolution><Width>640</Width><Height>480</Height></Resolution></VideoEncoder></Profiles>',
    ],
    ['no profiles', '<Profiles/>'],
  ])('has no stream when it offers %s', async (_what, profiles) => {
    const reply = (soap: (body: string) => string) =>
      soap(`<GetProfilesResponse>${profiles}</GetProfilesResponse>`);
    expect((await refusal({ replies: { GetProfiles: reply } })).code).toBe('camera_no_stream');
  });
});

function soapFault(): string {
  return '<s:Envelope xmlns:s="x"><s:Body><s:Fault/></s:Body></s:Envelope>';
}
