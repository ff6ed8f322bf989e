import { review as en } from '../../../src/i18n/en/screens/review.ts';
import { review as ko } from '../../../src/i18n/ko/screens/review.ts';
import { wordsOf } from '../../app/language.ts';

export const words = wordsOf({ ko, en });
