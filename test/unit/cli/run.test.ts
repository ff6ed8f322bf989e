import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Command, CommandContext } from '../../../src/cli/command.ts';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/run.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { GirokError } from '../../../src/lib/errors.ts';
import { SHIPPED, SOUND } from '../config/sample.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function write(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'girok-cli-'));
  folders.push(folder);
  writeFileSync(join(folder, 'cameras.yml'), text);
  return join(folder, 'cameras.yml');
}

async function girok(argv: string[], extra: Command[] = [], env: Record<string, string> = { LANG: 'en_US' }) {
  const said = { out: '', err: '' };
  const code = await runCli(argv, {
    commands: [...COMMANDS, ...extra.map((one) => ({ name: one.name, load: async () => one }))],
    env: { GIROK_CONFIG: SHIPPED, ...env },
    clock: systemClock,
    signal: new AbortController().signal,
    terminal: {
      out: (text) => {
        said.out += text;
      },
      err: (text) => {
        said.err += text;
      },
      live: false,
    },
  });
  return { code, ...said };
}

const command = (run: (context: CommandContext) => void, changes: Partial<Command> = {}): Command => ({
  name: 'try out',
  summary: { ko: '시험', en: 'tries' },
  usage: '[WORD]',
  examples: ['girok try out'],
  options: { many: { type: 'string', multiple: true, value: 'X', help: { ko: '여럿', en: 'several' } } },
  positionals: { min: 0, max: 1 },
  json: '{}',
  run: async (context) => {
    run(context);
    return undefined;
  },
  ...changes,
});

describe('every command', () => {
  it.each(COMMANDS.map((one) => [one.name, one] as const))(
    '%s explains itself with an example in both languages',
    async (name, { load }) => {
      const one = await load();
      expect(one.name).toBe(name);
      for (const language of ['ko', 'en']) {
        const { code, out } = await girok([...name.split(' '), '--help', '--lang', language]);
        expect(code).toBe(0);
        for (const part of [...one.examples, '--config', '--storage', '--json', '--lang', `girok ${name}`])
          expect(out).toContain(part);
      }
    },
  );

  it('is listed with the exit codes when nothing is asked', async () => {
    const { code, out } = await girok([]);
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(out).toContain(name);
    expect(out).toMatch(/6 {2}not running/);
  });
});

describe('a command line', () => {
  it.each([
    [['config', 'chek'], 'config check'],
    [['camera', 'list'], 'cameras list'],
    [['config'], 'config check'],
  ])('%j is answered with the command that was meant', async (argv, meant) => {
    const { code, out, err } = await girok(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`Did you mean "${meant}"?`);
  });

  it.each([
    [['try', 'out', '--jsn'], 'Did you mean "--json"?'],
    [['try', 'out', '--config'], '"--config" needs a value'],
    [['try', 'out', '--json=yes'], 'takes no value'],
    [['try', 'out', 'a', 'b'], '"b" is one argument too many'],
    [['try', 'out', '--lang', 'fr'], '--lang'],
    [['cameras', 'probe'], 'Usage: girok cameras probe ID'],
    [['try', 'out', '--constructor'], 'is not an option'],
  ])('%j is refused with a reason and exit code 2', async (argv, reason) => {
    let ran = false;
    const { code, err } = await girok(argv, [
      command(() => {
        ran = true;
      }),
    ]);
    expect({ code, ran }).toEqual({ code: 2, ran: false });
    expect(err).toContain(reason);
  });

  it('hands over arguments and options, also when they stand before the command', async () => {
    const seen: unknown[] = [];
    await girok(
      ['--json', 'try', 'out', '--many', '1', 'word', '--many=2'],
      [command((context) => seen.push(context.json, context.positionals, context.options.texts('many')))],
    );
    expect(seen).toEqual([true, ['word'], ['1', '2']]);
  });

  it('speaks the language of the site when the terminal says nothing', async () => {
    const english = write(SOUND.replace('en: Clinic } }', 'en: Clinic }, language: en }'));
    expect((await girok(['config', 'chek', '--config', english], [], {})).err).toContain('Did you mean');
    expect((await girok(['config', 'chek'], [], {})).err).toContain('혹시');
  });
});

describe('--json', () => {
  it('puts one document on standard output and everything else on standard error', async () => {
    const { out, err } = await girok(
      ['try', 'out', '--json'],
      [
        command(({ print, warn, progress, result }) => {
          progress('working');
          print('for a person');
          warn('careful');
          result({ answer: 42 }, 'forty-two');
        }),
      ],
    );
    expect(out).toBe('{"answer":42}\n');
    expect(err).toBe('working\nfor a person\ncareful\n');
  });

  it('tells errors as a document too, with the sentence and the faults', async () => {
    const faulty = write(SOUND.replace('class: public', 'class: publik'));
    const { code, out, err } = await girok(['cameras', 'list', '--json', '--config', faulty]);
    const { error } = JSON.parse(out);
    expect(code).toBe(3);
    expect(error.code).toBe('config_faulty');
    expect(error.faults[0].sentence).toMatch(/^cameras\.yml:16:20 cameras\[0\]\.zone\.class: /);
    expect(err).toContain('cameras.yml:16:20');
  });

  it('never prints two documents, even when a command fails after its result', async () => {
    const { code, out } = await girok(
      ['try', 'out', '--json'],
      [
        command(({ result }) => {
          result({ fine: true }, 'fine');
          throw new GirokError('storage_readonly');
        }),
      ],
    );
    expect(out).toBe('{"fine":true}\n');
    expect(code).toBe(4);
  });
});

describe('errors', () => {
  it.each([
    ['recorder_not_running', 6],
    ['camera_unreachable', 5],
    ['storage_missing', 4],
    ['credential_exposed', 3],
    ['unknown_camera', 2],
  ] as const)('%s ends with exit code %i and its sentence', async (code, exit) => {
    const outcome = await girok(
      ['try', 'out'],
      [
        command(() => {
          throw new GirokError(code);
        }),
      ],
    );
    expect(outcome.code).toBe(exit);
    expect(outcome.err.split('\n')).toHaveLength(2);
  });

  it('that nobody expected end as one sentence with the stack on standard error', async () => {
    const { code, out, err } = await girok(
      ['try', 'out'],
      [
        command(() => {
          throw new RangeError('off by one');
        }),
      ],
    );
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('off by one');
    expect(err).toContain('run.test.ts');
  });
});

describe('config check', () => {
  it('finds nothing wrong with the file that ships and warns of the operating rooms', async () => {
    const { code, out } = await girok(['config', 'check', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      sound: true,
      cameras: 13,
      faults: [],
      warnings: [{ camera: 'cam09', kind: 'operating_room_continuous' }, { camera: 'cam10' }],
    });
  });

  it('lists every fault and exits with 3', async () => {
    const faulty = write(SOUND.replace('class: public', 'class: publik').replace('phone:', 'fone:'));
    const { code, out } = await girok(['config', 'check', '--config', faulty]);
    expect(code).toBe(3);
    expect(out.trim().split('\n')).toHaveLength(3);
  });

  it('says that a file cannot be read', async () => {
    const { code, err } = await girok(['config', 'check', '--config', '/nowhere/cameras.yml']);
    expect(code).toBe(3);
    expect(err).toContain('ENOENT');
  });
});

describe('cameras list', () => {
  it('says for each camera whether it is recorded and why', async () => {
    const off = write(SOUND.replace('class: public }', 'class: public }\n    enabled: false'));
    const { out } = await girok(['cameras', 'list', '--json', '--config', off]);
    expect(JSON.parse(out).cameras).toMatchObject([
      { id: 'cam01', pull: false, why: 'disabled', zone: 'public' },
    ]);
  });
});
