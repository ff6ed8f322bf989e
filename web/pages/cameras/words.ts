import { cameras as en } from '../../../src/i18n/en/screens/cameras.ts';
import { cameras as ko } from '../../../src/i18n/ko/screens/cameras.ts';
import { wordsOf } from '../../app/language.ts';

export const words = wordsOf({ ko, en });
