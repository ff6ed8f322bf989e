import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMemoryPool } from '../../../src/lib/memory-pool.ts';
import { deriveSecrets } from '../../../src/vault/chunked.ts';
import { createSealedStream } from '../../../src/vault/sealed-stream.ts';

interface Vector {
  readonly name: string;
  readonly hourKey: string;
  readonly salt: string;
  readonly context: string;
  readonly plaintextBytes: number;
  readonly sha256: string;
  readonly file: string;
}

const folder = new URL('../../fixtures/sealed-segments/', import.meta.url);
const vectors = JSON.parse(readFileSync(new URL('vectors.json', folder), 'utf8')) as Vector[];
const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('the test vectors of the sealed segment format', () => {
  it.each(vectors)('are what this program seals: $name', (vector) => {
    const salt = Buffer.from(vector.salt, 'hex');
    const secrets = deriveSecrets(Buffer.from(vector.hourKey, 'hex'), salt, vector.context);
    const parts: Buffer[] = [];
    const stream = createSealedStream(
      secrets,
      Buffer.concat([salt, secrets.commitment]),
      (part) => parts.push(Buffer.from(part)),
      createMemoryPool(0),
    );
    stream.append(
      Buffer.from(
        Array.from({ length: vector.plaintextBytes }, (_, i) => (i * 31 + Math.floor(i / 251)) % 256),
      ),
    );
    expect(stream.finish().toString('hex')).toBe(vector.sha256);
    expect(createHash('sha256').update(Buffer.from(vector.file, 'hex')).digest('hex')).toBe(vector.sha256);
    expect(Buffer.concat(parts).toString('hex') === vector.file).toBe(true);
  });

  it.runIf(hasPython)('open in another language without a line of this program', () => {
    const run = spawnSync('python3', [new URL('verify.py', folder).pathname], { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    expect(run.stdout.trim().split('\n')).toEqual(vectors.map(({ name }) => `${name}: ok`));
    expect(run.status).toBe(0);
  });
});
