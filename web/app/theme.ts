import { effect, type Signal, signal } from '@preact/signals';
import { keep, kept } from './kept.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const first = kept('girok.theme');

export const theme: Signal<Theme> = signal(first === 'light' || first === 'dark' ? first : 'system');

effect(() => {
  const { dataset } = document.documentElement;
  if (theme.value === 'system') delete dataset.theme;
  else dataset.theme = theme.value;
  keep('girok.theme', theme.value === 'system' ? undefined : theme.value);
});
