import { account as en } from '../../../src/i18n/en/screens/account.ts';
import { account as ko } from '../../../src/i18n/ko/screens/account.ts';
import { wordsOf } from '../../app/language.ts';

export const words = wordsOf({ ko, en });
