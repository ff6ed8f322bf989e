import { credentials as en } from '../../src/i18n/en/screens/credentials.ts';
import { credentials as ko } from '../../src/i18n/ko/screens/credentials.ts';
import { wordsOf } from '../app/language.ts';

export const words = wordsOf({ ko, en });
