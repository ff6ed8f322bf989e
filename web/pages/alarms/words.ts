import { alarms as en } from '../../../src/i18n/en/screens/alarms.ts';
import { alarms as ko } from '../../../src/i18n/ko/screens/alarms.ts';
import { wordsOf } from '../../app/language.ts';

export const words = wordsOf({ ko, en });
