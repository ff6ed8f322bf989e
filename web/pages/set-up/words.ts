import { setUp as en } from '../../../src/i18n/en/screens/set-up.ts';
import { setUp as ko } from '../../../src/i18n/ko/screens/set-up.ts';
import { wordsOf } from '../../app/language.ts';

export const words = wordsOf({ ko, en });
