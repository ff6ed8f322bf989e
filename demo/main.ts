import { parseArgs } from 'node:util';
import { startControl } from './control.ts';
import { QUIRK_KINDS } from './quirks.ts';
import { DEFAULT_CACHE, DEFAULT_PASSWORD, DEFAULT_USER, startSimulatedSite } from './site.ts';

const USAGE = `The simulated clinic: cameras that speak RTSP and ONVIF on loopback.

  npm run -s demo -- [--profile full|small] [--count 13] [--addresses each|one] [--port 8554] [--onvif-port 8080]
                     [--control PORT] [--cache DIR] [--user NAME] [--password TEXT]
                     [--tls] [--quirks NAME,NAME]

Prints "ready N" and one JSON document with all addresses when it serves; ends cleanly on SIGTERM and SIGINT.
Quirks: ${QUIRK_KINDS.join(', ')}
`;

const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'full' },
    count: { type: 'string', default: '13' },
    addresses: { type: 'string', default: 'each' },
    port: { type: 'string', default: '8554' },
    'onvif-port': { type: 'string', default: '8080' },
    control: { type: 'string' },
    cache: { type: 'string', default: DEFAULT_CACHE },
    user: { type: 'string', default: DEFAULT_USER },
    password: { type: 'string', default: process.env.GIROK_DEMO_CAMERA_PASSWORD || DEFAULT_PASSWORD },
    tls: { type: 'boolean', default: false },
    quirks: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
const number = (text: string, low: number, high: number) => {
  const value = Number(text);
  return Number.isInteger(value) && value >= low && value <= high ? value : undefined;
};
const count = number(values.count, 1, 512);
const rtspPort = number(values.port, 0, 65_535);
const onvifPort = number(values['onvif-port'], 0, 65_535);
const control = values.control === undefined ? -1 : number(values.control, 0, 65_535);
const { profile, addresses, tls } = values;
const asked = values.quirks.split(',').filter(Boolean);
const quirks = QUIRK_KINDS.filter((kind) => asked.includes(kind));

if (values.help) {
  process.stdout.write(USAGE);
} else if (
  count === undefined ||
  rtspPort === undefined ||
  onvifPort === undefined ||
  control === undefined ||
  quirks.length !== new Set(asked).size ||
  (profile !== 'full' && profile !== 'small') ||
  (addresses !== 'each' && addresses !== 'one')
) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  await serve(
    {
      profile,
      addresses,
      count,
      quirks,
      tls,
      rtspPort,
      onvifPort,
      cache: values.cache,
      user: values.user,
      password: values.password,
    },
    control,
  );
}

async function serve(options: Parameters<typeof startSimulatedSite>[0], controlPort: number): Promise<void> {
  const ending = new AbortController();
  const ended = new Promise<void>((resolve) =>
    ending.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.once(name, () => ending.abort(new Error('stopped')));
  let shown = '';
  try {
    const site = await startSimulatedSite({
      ...options,
      signal: ending.signal,
      onProgress({ camera, of, percent }) {
        const line = `drawing the scenes: camera ${camera} of ${of}, ${percent - (percent % 10)} %`;
        if (line !== shown) process.stderr.write(`${line}\n`);
        shown = line;
      },
    });
    const control = controlPort < 0 ? undefined : await startControl(site, controlPort);
    const { cameras, user } = site;
    process.stdout.write(
      `ready ${cameras.length} ${JSON.stringify({ user, control: control?.port, cameras })}\n`,
    );
    await ended;
    await control?.stop();
    await site.stop();
  } catch (error) {
    // Being stopped while drawing is no fault; what is finished stays in the cache.
    if (ending.signal.aborted) return;
    process.stderr.write(
      `The simulated site could not start: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}
