import { frame as en } from '../../src/i18n/en/screens/frame.ts';
import { frame as ko } from '../../src/i18n/ko/screens/frame.ts';
import { wordsOf } from './language.ts';

/** The words that every screen needs. */
export const words = wordsOf({ ko, en });
