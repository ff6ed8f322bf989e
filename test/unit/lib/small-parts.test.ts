import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/lib/canonical-json.ts';
import { sleep } from '../../../src/lib/clock.ts';
import { writeFileDurably } from '../../../src/lib/durable.ts';
import { ID_PATTERN } from '../../../src/lib/id-pattern.ts';
import { newId } from '../../../src/lib/ids.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('ids', () => {
  it('sort as they were made, also when the clock stands still or goes back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 8e15 }), { minLength: 2, maxLength: 30 }), (times) => {
        const ids = times.map((utcUs) => newId(utcUs));
        expect(ids).toEqual([...new Set(ids)].sort());
        expect(ids.every((id) => ID_PATTERN.test(id))).toBe(true);
      }),
    );
  });
});

describe('canonical JSON', () => {
  it('gives the example of RFC 8785, section 3.2.2', () => {
    const value = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
        '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts keys by their UTF-16 units as in RFC 8785, section 3.2.3', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
    const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
    expect(Object.keys(JSON.parse(text)).filter((key) => key !== '1')).toEqual([
      ...['\r', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'],
    ]);
    expect(text.indexOf('"1"')).toBeGreaterThan(text.indexOf('"\\r"'));
  });

  it('means what it was given, in one form whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(canonicalJson({ b: -0, a: [{ d: 1, c: 2 }] })).toBe('{"a":[{"c":2,"d":1}],"b":0}');
  });

  it('refuses what would come out empty', () => {
    for (const value of [new Date(0), new Map([[1, 2]]), new Secret('x'), Array(2)])
      expect(() => canonicalJson({ value })).toThrow(TypeError);
  });

  it.each([[undefined], [Number.NaN], [Number.POSITIVE_INFINITY], [1n], ['\ud800'], [() => 1]])(
    'refuses %s',
    (value) => {
      expect(() => canonicalJson({ value })).toThrow(TypeError);
    },
  );
});

describe('a secret', () => {
  it('is printed nowhere', () => {
    const secret = new Secret('hunter2');
    const shown = [
      ...[`${secret}`, String(secret), JSON.stringify({ secret }), inspect({ deep: [secret] })],
      ...[inspect(secret, { showHidden: true, depth: 9 }), JSON.stringify({ ...secret }), `${[secret]}`],
      ...[Object.values(secret).join(), String(new Error(`${secret}`).stack), canonicalJson({ ...secret })],
    ];
    expect(shown.filter((text) => text.includes('hunter2'))).toEqual([]);
    expect(secret.reveal()).toBe('hunter2');
  });
});

describe('writing a file durably', () => {
  it('replaces it whole, for its owner alone, and leaves nothing beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'girok-durable-'));
    folders.push(folder);
    const path = join(folder, 'entry.json');
    await writeFileDurably(path, 'a longer first text');
    await writeFileDurably(path, 'second');
    expect(readFileSync(path, 'utf8')).toBe('second');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['entry.json']);
  });

  it('keeps the old bytes when the new ones cannot be written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'girok-durable-'));
    folders.push(folder);
    const path = join(folder, 'entry.json');
    await writeFileDurably(path, 'old');
    await expect(writeFileDurably(path, { no: 'text' } as unknown as string)).rejects.toThrow(TypeError);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['entry.json']);
  });

  it('says when the folder is not there', async () => {
    await expect(writeFileDurably('/nowhere/at/all', '')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('waiting on a clock', () => {
  it('ends at its time, or at once with the reason of who stopped it', async () => {
    const clock = createManualClock();
    let done = false;
    void sleep(clock, 100).then(() => {
      done = true;
    });
    await clock.run(99, 99);
    expect(done).toBe(false);
    await clock.run(1);
    expect(done).toBe(true);
    const quit = new AbortController();
    const waiting = sleep(clock, 100, quit.signal);
    quit.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(sleep(clock, 100, quit.signal)).rejects.toThrow('enough');
    expect(clock.timers).toBe(0);
  });
});
