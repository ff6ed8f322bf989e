import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Me } from '../../src/contract/auth.ts';
import type { SiteView } from '../../src/contract/site.ts';

const current: Signal<'no' | 'yes' | 'later'> = signal('no');

/** Somebody is being led through the first set-up, and stays in it until they leave it themselves. */
export const settingUp: ReadonlySignal<'no' | 'yes' | 'later'> = current;

export const beginSettingUp = (): void => {
  current.value = 'yes';
};
/** `later`: not asked again in this tab. */
export const endSettingUp = (): void => {
  current.value = 'later';
};

/** Whether something comes before the pages for this person. */
export const comesFirst = (me: Me, { missing }: SiteView): boolean =>
  me.asked !== undefined ||
  settingUp.value === 'yes' ||
  (settingUp.value === 'no' && me.role === 'administrator' && missing === 'officer');
