import { signIn as en } from '../../../src/i18n/en/screens/sign-in.ts';
import { signIn as ko } from '../../../src/i18n/ko/screens/sign-in.ts';
import { wordsOf } from '../../app/language.ts';

export const words = wordsOf({ ko, en });
