import { describe, expect, it } from 'vitest';
import type { CameraId, SegmentId } from '../../../src/lib/ids.ts';
import type { LocalDay } from '../../../src/lib/site-time.ts';
import { hashEvidenceLeaf } from '../../../src/vault/evidence-leaf.ts';

describe('the evidence leaf', () => {
  it('hashes to the same value for ever', () => {
    const leaf = {
      v: 1,
      camera: 'lobby' as CameraId,
      stream: 'main',
      day: '2026-11-22' as LocalDay,
      segment: '0123456789abcdef' as SegmentId,
      startUs: 1_795_316_645_000_000,
      endUs: 1_795_316_705_000_000,
      chunks: 1832,
      ciphertextSha256: '11'.repeat(32),
      fragmentsRoot: '22'.repeat(32),
    } as const;
    expect(hashEvidenceLeaf(leaf).toString('hex')).toBe(
      'bceada40dba728559892568c11401027eaeaf069793c35cfcf1263065b7b14ba',
    );
  });
});
