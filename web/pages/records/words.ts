import { records as en } from '../../../src/i18n/en/screens/records.ts';
import { records as ko } from '../../../src/i18n/ko/screens/records.ts';
import { wordsOf } from '../../app/language.ts';

export const words = wordsOf({ ko, en });
