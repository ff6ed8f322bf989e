import { today as en } from '../../../src/i18n/en/screens/today.ts';
import { today as ko } from '../../../src/i18n/ko/screens/today.ts';
import { wordsOf } from '../../app/language.ts';

export const words = wordsOf({ ko, en });
