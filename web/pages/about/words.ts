import { about as en } from '../../../src/i18n/en/screens/about.ts';
import { about as ko } from '../../../src/i18n/ko/screens/about.ts';
import { wordsOf } from '../../app/language.ts';

export const words = wordsOf({ ko, en });
