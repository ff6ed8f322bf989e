import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { below, type Figure } from './figure.ts';
import { percentile, type RecordingSite, startRecordingSite } from './support/recording-site.ts';

/** GIROK_BENCH_SCALE (0 … 1) shortens it. */
const SCALE = Number(process.env.GIROK_BENCH_SCALE ?? 1);
const ATTEMPTS = Math.round(10_000 * SCALE);
const SLOW = Math.round(500 * SCALE);
const AT_ONCE = 50;
/** Addresses of the loopback network from which they come: one alone is soon told to wait. */
const ADDRESSES = 200;
const QUIET_S = 15;
const EVERY_MS = 100;

/**
 * Somebody guesses passwords from two hundred addresses while five hundred clients send their requests a byte at a
 * time: what a guard who is signed in notices of it, and what the recorder loses.
 */
export async function run(): Promise<Figure[]> {
  const site = await startRecordingSite();
  try {
    const quiet = await whileWorking(site, () => pause(QUIET_S * 1000));
    const told = new Map<number, number>();
    let inside = 0;
    const slow = slowClients(new URL(site.url));
    const attacked = await whileWorking(site, async () => {
      let next = 0;
      const guess = async () => {
        while (next < ATTEMPTS) {
          const at = next++;
          const login = at % 4 === 0 ? site.guard.login : `nobody${at}`;
          const body = { login, password: `password number ${at}` };
          const from = `127.0.${1 + (at % 2)}.${1 + (Math.floor(at / 2) % (ADDRESSES / 2))}`;
          const { status, cookies } = await site.ask('/api/sign-in', { method: 'POST', body, from });
          told.set(status, (told.get(status) ?? 0) + 1);
          if (status === 200 || cookies.some((cookie) => cookie.startsWith('__Host-girok='))) inside += 1;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, guess));
    });
    const held = slow.stop();
    const { served, missing } = await site.account();
    process.stderr.write(`answers: ${JSON.stringify(Object.fromEntries(told))}\n`);
    const [before, meanwhile] = [percentile(quiet, 0.95), percentile(attacked, 0.95)];
    return [
      {
        figure: `a guard's requests while ${ATTEMPTS} sign-ins are tried, p95 of ${attacked.length}`,
        value: Math.round(meanwhile * 10) / 10,
        unit: 'ms',
        reference: Math.round(before * 10) / 10,
        ratio: meanwhile / before,
        target: '<= 200 ms',
        holds: meanwhile <= 200,
      },
      below('sign-ins that succeeded', inside, 'sign-ins', 0),
      {
        figure: 'slow clients, held at once',
        value: held,
        unit: 'clients',
        target: `>= ${Math.round(0.9 * SLOW)}`,
        holds: held >= 0.9 * SLOW,
      },
      below(`frames missing meanwhile, of ${served}`, missing, 'frames', 0),
    ];
  } finally {
    await site.stop();
  }
}

/** What a guard does all day, ten times a second, until `work` is done. @returns how long each request took, ms */
async function whileWorking(site: RecordingSite, work: () => Promise<unknown>): Promise<number[]> {
  const { cookie } = site.guard;
  const now = Date.now();
  const instants = `from=${new Date(now - 3_600_000).toISOString()}&to=${new Date(now).toISOString()}`;
  const paths = [
    '/api/me',
    '/api/cameras',
    `/api/timeline?cameras=${site.cameras.join(',')}&${instants}&bucket=60`,
    '/api/viewings',
  ];
  const ms: number[] = [];
  let done = false;
  const working = (async () => {
    for (let at = 0; !done; at++) {
      const answer = await site.ask(paths[at % paths.length] ?? '', { cookie });
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
      ms.push(answer.ms);
      await pause(EVERY_MS);
    }
  })();
  await work();
  done = true;
  await working;
  return ms;
}

/** Keeps as many connections open as it may, each sending a head one byte a second. */
function slowClients({ hostname, port }: URL): { stop(): number } {
  const open = new Set<Socket>();
  let most = 0;
  const begin = () => {
    const socket = connect({ host: hostname, port: Number(port), localAddress: '127.0.3.1' });
    open.add(socket);
    socket.on('connect', () => socket.write('GET /api/me HTTP/1.1\r\nhost: 127.0.0.1\r\nx: '));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    socket.resume();
  };
  const timer = setInterval(() => {
    for (const socket of open) if (socket.writable) socket.write('a');
    most = Math.max(most, [...open].filter(({ readyState }) => readyState === 'open').length);
    for (let missing = SLOW - open.size; missing > 0; missing--) begin();
  }, 1000);
  return {
    stop() {
      clearInterval(timer);
      for (const socket of open) socket.destroy();
      return most;
    },
  };
}
