import { gaps as enGaps } from '../../../src/i18n/en/gaps.ts';
import { wall as en } from '../../../src/i18n/en/screens/wall.ts';
import { gaps as koGaps } from '../../../src/i18n/ko/gaps.ts';
import { wall as ko } from '../../../src/i18n/ko/screens/wall.ts';
import { wordsOf } from '../../app/language.ts';

export const words = wordsOf({ ko, en });
export const causes = wordsOf<Readonly<Record<string, string>>>({ ko: koGaps, en: enGaps });
