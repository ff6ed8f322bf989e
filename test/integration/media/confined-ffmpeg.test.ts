import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runFfmpeg } from '../../../src/media/ffmpeg/run.ts';

/** Pictures without end, as fast as they are wanted. */
const ENDLESS = [
  ...['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=1000'],
  ...['-c:v', 'rawvideo', '-f', 'rawvideo', 'pipe:1'],
];

/** `/proc/PID/limits` as name → [soft, hard]. */
function limitsOf(pid: number): Map<string, string[]> {
  const lines = readFileSync(`/proc/${pid}/limits`, 'utf8').split('\n').slice(1, -1);
  return new Map(
    lines.map((line) => [line.slice(0, 26).trim(), [line.slice(26, 47).trim(), line.slice(47, 68).trim()]]),
  );
}

describe('ffmpeg, where it reads what a camera sends,', () => {
  it('has limits, no environment of ours, and is itself the process that signals reach', async () => {
    const run = runFfmpeg(ENDLESS, { confined: true });
    const pid = run.child.pid!;
    await once(run.child.stdout!, 'data');
    const limits = limitsOf(pid);
    expect(limits.get('Max core file size')).toEqual(['0', '0']);
    expect(limits.get('Max file size')).toEqual(['0', '0']);
    expect(limits.get('Max open files')).toEqual(['64', '64']);
    expect(limits.get('Max address space')).toEqual([String(2 ** 30), String(2 ** 30)]);
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toMatch(/^PATH=[^\0]*\0$/);
    expect(readFileSync(`/proc/${pid}/comm`, 'utf8').trim()).toBe('ffmpeg');
    run.stop(5000);
    run.child.stdout?.resume();
    const end = await run.ended;
    // Ended by its own handler of SIGTERM.
    expect(end).toEqual({ code: 255, signal: null });
  });

  it('can write no file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'girok-confined-'));
    try {
      const file = join(folder, 'out.yuv');
      const run = runFfmpeg([...ENDLESS.slice(0, -1), '-frames:v', '10', file], { confined: true });
      expect(await run.ended).toEqual({ code: null, signal: 'SIGXFSZ' });
      expect(readFileSync(file)).toHaveLength(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
