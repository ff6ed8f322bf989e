import { people as en } from '../../../src/i18n/en/screens/people.ts';
import { people as ko } from '../../../src/i18n/ko/screens/people.ts';
import { wordsOf } from '../../app/language.ts';

export const words = wordsOf({ ko, en });
