import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { troubleWord } from '../../../src/cli/status-words.ts';
import { sentencesIn } from '../../../src/i18n/sentences.ts';

const folder = new URL('../../../src/recording/', import.meta.url);
/** Every reason that the recorder gives, as it stands in its sources. */
const reasons = new Set(
  readdirSync(folder)
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .flatMap((text) =>
      [...text.matchAll(/(?:detail: |return )'([^']* [^']*)'/g)].map(([, reason]) => reason as string),
    ),
);

describe('why a camera is not pulled', () => {
  it('is said in Korean, whatever the recorder gives as its reason', () => {
    const words = sentencesIn('ko');
    expect(reasons.size).toBeGreaterThan(20);
    for (const reason of reasons) expect(troubleWord(reason, words), reason).toMatch(/[가-힣]/);
  });

  it('keeps what this version does not know, and both halves of why ffmpeg pulls', () => {
    const words = sentencesIn('ko');
    expect(troubleWord('something new', words)).toBe('something new');
    expect(troubleWord('ours refused: the camera packs its video in a rare way', words)).toBe(
      '자체 클라이언트가 거절함: 카메라가 드문 방식으로 영상을 나누어 보냄',
    );
    expect(troubleWord('network', words)).toBe(words.gaps.network);
    expect(troubleWord('ended by the recorder', sentencesIn('en'))).toBe('ended by the recorder');
  });
});
