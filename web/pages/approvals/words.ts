import { approvals as en } from '../../../src/i18n/en/screens/approvals.ts';
import { approvals as ko } from '../../../src/i18n/ko/screens/approvals.ts';
import { wordsOf } from '../../app/language.ts';

export const words = wordsOf({ ko, en });
