import { settings as en } from '../../../src/i18n/en/screens/settings.ts';
import { settings as ko } from '../../../src/i18n/ko/screens/settings.ts';
import { wordsOf } from '../../app/language.ts';

export const words = wordsOf({ ko, en });
