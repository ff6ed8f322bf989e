import type { Language } from '../../../src/i18n/language.ts';
import { language, speak } from '../../app/language.ts';
import { THEMES, theme } from '../../app/theme.ts';
import { words as frameWords } from '../../app/words.ts';
import { Card } from '../../ui/card.tsx';
import { RadioGroup } from '../../ui/choice.tsx';
import { words } from './words.ts';

const LANGUAGES: readonly { readonly value: Language; readonly label: string }[] = [
  { value: 'ko', label: '한국어' },
  { value: 'en', label: 'English' },
];

export function Screen() {
  const said = words().screen;
  const { themes } = frameWords().bar;
  return (
    <Card title={said.title}>
      <p>{said.text}</p>
      <RadioGroup label={said.language} value={language.value} options={LANGUAGES} onValue={speak} />
      <RadioGroup
        label={said.theme}
        value={theme.value}
        options={THEMES.map((value) => ({ value, label: themes[value] }))}
        onValue={(chosen) => {
          theme.value = chosen;
        }}
      />
    </Card>
  );
}
