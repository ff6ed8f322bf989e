import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { lockFile } from '../db/lock.ts';
import { NOTE_KEY, parseVkey, type VerifierKey, verifierKey, vkeyOf } from '../ledger/note.ts';
import { keyOfSeed } from '../ledger/signing-key.ts';
import { createWitness } from '../ledger/witness.ts';
import { serveWitness } from '../ledger/witness-server.ts';
import { createWitnessWatch } from '../ledger/witness-watch.ts';
import { writeFileDurably } from '../lib/durable.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { createWitnessTelling } from './witness-telling.ts';

const LOOK_MS = 60_000;

export const witness: Command = {
  name: 'witness',
  summary: {
    ko: '증인을 켭니다: 다른 컴퓨터의 장부가 잘리거나 다시 쓰이지 않는지 지켜보고 서명합니다.',
    en: 'Runs a witness: watches over the ledger of another machine, and signs that it was not cut off or rewritten.',
  },
  usage: '--folder DIR [--listen HOST:PORT] [--log KEY]… [--notify FILE]',
  examples: [
    'npm run -s girok -- witness --folder /srv/witness',
    "npm run -s girok -- witness --folder /srv/witness --listen 192.168.10.5:8410 --log 'girok.invalid/clinic/…+…+…'",
  ],
  options: {
    folder: {
      type: 'string',
      value: 'DIR',
      help: { ko: '증인의 키와 기억이 있는 폴더', en: 'holds the witness’s key and memory' },
    },
    listen: {
      type: 'string',
      value: 'HOST:PORT',
      help: { ko: '기본 127.0.0.1:8410', en: 'default 127.0.0.1:8410' },
    },
    log: {
      type: 'string',
      multiple: true,
      value: 'KEY',
      help: {
        ko: '지켜볼 장부의 공개 키 (`ledger bundle`이 보여 줌)',
        en: 'public key of a ledger to watch over (`ledger bundle` shows it)',
      },
    },
    notify: {
      type: 'string',
      value: 'FILE',
      help: {
        ko: '소식이나 파기 확인서가 끊기면 메일·웹훅으로 알림: cameras.yml 의 notify 와 같은 내용의 파일',
        en: 'tells by mail or webhook of silence and of missing certificates: a file like notify in cameras.yml',
      },
    },
  },
  positionals: { min: 0, max: 0 },
  json: '{ key, address, logs: string[] } once it answers; it runs until SIGINT or SIGTERM',
  async run(context) {
    const folder = context.options.text('folder');
    const { words } = context;
    if (folder === undefined) throw context.usageError(words.cli.valueMissing({ option: '--folder' }));
    const logs = logsOf(context);
    const { host, port } = listenOption(context);
    const telling = createWitnessTelling(context.options.text('notify'), context);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Two of them would each remember half.
    const lock = lockFile(join(folder, 'witness.lock'));
    if (!lock) throw new GirokError('storage_in_use', { storage: folder });
    const { key, privateKey } = await ownKey(folder, context);
    const made = createWitness({ folder: join(folder, 'logs'), logs, key, privateKey, clock: context.clock });
    const failed = (error: unknown) =>
      context.warn(String(error instanceof GirokError ? error.code : systemCode(error)));
    const server = await serveWitness(made, { host, port, failed });
    const watch = createWitnessWatch({ witness: made, logs, clock: context.clock });
    let isLooking = false;
    const stopLooking = context.clock.every(LOOK_MS, () => {
      if (isLooking) return;
      isLooking = true;
      void watch
        .look()
        .then(telling.tell)
        .catch(failed)
        .finally(() => {
          isLooking = false;
        });
    });
    const address = `http://${host}:${server.port}`;
    context.result(
      { key: vkeyOf(key), address, logs: logs.map(({ name }) => name) },
      words.ledger.witnessing({ address, key: vkeyOf(key), logs: logs.length }),
    );
    await new Promise<void>((resolve) => {
      if (context.signal.aborted) resolve();
      else context.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    stopLooking();
    await server.close();
    lock.release();
    return EXIT.ok;
  },
};

const keyFile = z.strictObject({ name: z.string(), seed: z.base64() });

/** The witness's own key, made at its first start. */
async function ownKey(folder: string, { clock }: CommandContext) {
  const path = join(folder, 'witness.key');
  const read = () => {
    try {
      return keyFile.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw new GirokError('root_key_wrong', { file: path }, { cause: error });
    }
  };
  if (!read()) {
    const made = {
      name: `girok-witness.invalid/${newId(clock.utcUs())}`,
      seed: randomBytes(32).toString('base64'),
    };
    await writeFileDurably(path, `${JSON.stringify(made)}\n`);
  }
  const { name, seed } = read() as z.infer<typeof keyFile>;
  const { privateKey, publicKey } = keyOfSeed(Buffer.from(seed, 'base64'));
  return { privateKey, key: verifierKey(name, NOTE_KEY.witness, publicKey) };
}

function logsOf({ options, usageError, words }: CommandContext): VerifierKey[] {
  return options.texts('log').map((text) => {
    const key = parseVkey(text);
    if (key?.type === NOTE_KEY.log) return key;
    throw usageError(words.cli.badValue({ option: '--log', expected: words.ledger.badKey }));
  });
}

function listenOption({ options, usageError, words }: CommandContext): { host: string; port: number } {
  const [, host = '', port = ''] =
    /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(options.text('listen') ?? '127.0.0.1:8410') ?? [];
  if (host !== '' && Number(port) <= 65_535) return { host, port: Number(port) };
  throw usageError(words.cli.badValue({ option: '--listen', expected: 'HOST:PORT' }));
}
