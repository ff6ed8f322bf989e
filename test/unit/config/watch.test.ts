import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import type { ConfigDiff } from '../../../src/config/diff.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { watchConfig } from '../../../src/config/watch.ts';
import { type Clock, systemClock } from '../../../src/lib/clock.ts';
import { GirokError } from '../../../src/lib/errors.ts';
import { parse, SOUND } from './sample.ts';

/** Time that moves when told. */
function handClock() {
  let nowMs = 0;
  let tasks: { atMs: number; everyMs: number; task: () => void }[] = [];
  const plan = (delayMs: number, everyMs: number, task: () => void) => {
    const entry = { atMs: nowMs + delayMs, everyMs, task };
    tasks.push(entry);
    return () => {
      tasks = tasks.filter((other) => other !== entry);
    };
  };
  const clock: Clock = {
    utcUs: () => nowMs * 1000,
    monoUs: () => nowMs * 1000,
    after: (delayMs, task) => plan(delayMs, 0, task),
    every: (periodMs, task) => plan(periodMs, periodMs, task),
  };
  return {
    clock,
    pending: () => tasks.length,
    pass(ms: number) {
      nowMs += ms;
      for (const entry of [...tasks]) {
        if (entry.atMs > nowMs || !tasks.includes(entry)) continue;
        if (entry.everyMs > 0) entry.atMs += entry.everyMs;
        else tasks = tasks.filter((other) => other !== entry);
        entry.task();
      }
    },
  };
}

function watching(texts: { now: string }) {
  const time = handClock();
  const changes: [Config, ConfigDiff][] = [];
  const faults: string[] = [];
  let report: (name: string | null) => void = () => undefined;
  const end = watchConfig({
    current: parse(texts.now),
    load: () => parse(texts.now),
    clock: time.clock,
    onChange: (config, diff) => changes.push([config, diff]),
    onFault: (error) => faults.push(error.code),
    watchFolder: (_folder, onEntry) => {
      report = onEntry;
      return () => undefined;
    },
  });
  return { ...time, changes, faults, report: (name: string | null) => report(name), end };
}

describe('watching cameras.yml', () => {
  it('waits until an editor has finished and then tells once', () => {
    const texts = { now: SOUND };
    const { report, pass, changes } = watching(texts);
    texts.now = SOUND.replace('en: Door', 'en: Gate');
    report('cameras.yml');
    pass(200);
    report('cameras.yml');
    pass(200);
    expect(changes).toHaveLength(0);
    pass(200);
    expect(changes.map(([, diff]) => diff.changed)).toEqual([['cam01']]);
  });

  it('looks only when its own file was touched', () => {
    const texts = { now: SOUND };
    const { report, pending } = watching(texts);
    report('.cameras.yml.swp');
    expect(pending()).toBe(1);
    report('cameras.yml');
    expect(pending()).toBe(2);
  });

  it('changes nothing on a faulty edit, says so once, and takes the corrected file', () => {
    const texts = { now: SOUND };
    const { pass, changes, faults } = watching(texts);
    texts.now = SOUND.replace('class: public', 'class: publik');
    pass(15_000);
    pass(15_000);
    expect({ changes: changes.length, faults }).toEqual({ changes: 0, faults: ['config_faulty'] });
    texts.now = SOUND.replace('en: Door', 'en: Gate');
    pass(15_000);
    expect(changes.map(([, diff]) => diff.changed)).toEqual([['cam01']]);
  });

  it('finds an edit that the kernel did not report', () => {
    const texts = { now: SOUND };
    const { pass, changes } = watching(texts);
    texts.now = SOUND.replace('en: Door', 'en: Gate');
    pass(15_000);
    expect(changes).toHaveLength(1);
  });

  it('is silent after its end', () => {
    const texts = { now: SOUND };
    const { end, pending } = watching(texts);
    end();
    expect(pending()).toBe(0);
  });

  it('survives editors that rename a new file over the old one, twice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'girok-watch-'));
    const path = join(folder, 'cameras.yml');
    writeFileSync(path, SOUND);
    let told: ((names: string) => void) | undefined;
    const end = watchConfig({
      current: loadConfig(path),
      load: () => loadConfig(path),
      clock: systemClock,
      onChange: (config) => told?.(config.cameras[0]?.coverage.en ?? ''),
      onFault: (error) => expect(error).toBeInstanceOf(GirokError),
    });
    try {
      for (const word of ['Gate', 'Hatch']) {
        const next = new Promise<string>((resolve) => {
          told = resolve;
        });
        writeFileSync(`${path}.new`, SOUND.replace('en: Door', `en: ${word}`));
        renameSync(`${path}.new`, path);
        expect(await next).toBe(word);
      }
    } finally {
      end();
      rmSync(folder, { recursive: true });
    }
  });
});
