import { retention as en } from '../../../src/i18n/en/screens/retention.ts';
import { retention as ko } from '../../../src/i18n/ko/screens/retention.ts';
import { wordsOf } from '../../app/language.ts';

export const words = wordsOf({ ko, en });
