import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = join(
  dirname(createRequire(import.meta.url).resolve('pretendard/package.json')),
  'dist/public/static',
);

/** What is printed is set in Pretendard (OFL): it has every Hangul syllable, and goes into the file as real text. */
export const TYPEFACE = {
  regular: join(folder, 'Pretendard-Regular.otf'),
  bold: join(folder, 'Pretendard-SemiBold.otf'),
} as const;
