import type { Language } from '../../src/i18n/language.ts';
import { send } from '../api/client.ts';
import { errorOf } from '../api/resource.ts';
import { toldFault } from '../ui/toast.tsx';
import { language, speak } from './language.ts';
import { session } from './session.ts';

/**
 * A person chose it. Whoever is signed in takes it along to every browser, and leaves this one's own choice to whoever
 * comes next.
 */
export function choose(chosen: Language): void {
  if (session.peek().state !== 'somebody') {
    speak(chosen);
    return;
  }
  language.value = chosen;
  send('PUT', '/api/me/language', { language: chosen }).catch((error: unknown) =>
    toldFault(errorOf(error).sentence),
  );
}
