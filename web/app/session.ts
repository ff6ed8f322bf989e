import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type Me, meSchema } from '../../src/contract/auth.ts';
import { isApiError } from '../api/api-error.ts';
import { get, send } from '../api/client.ts';
import { sessionEnds } from '../api/connection.ts';
import { byItself } from '../api/unasked.ts';
import { language } from './language.ts';

/**
 * `ended`: whoever was signed in is not any more; what they were writing is kept behind the sign-in until they are back.
 */
export type Session =
  | { readonly state: 'unknown' }
  | { readonly state: 'nobody' }
  | { readonly state: 'somebody'; readonly me: Me }
  | { readonly state: 'ended'; readonly me: Me };

const current: Signal<Session> = signal({ state: 'unknown' });
export const session: ReadonlySignal<Session> = current;

/** Who is signed in, of a screen that only somebody sees. */
export const whoIsIn = (): Me | undefined =>
  current.value.state === 'somebody' || current.value.state === 'ended' ? current.value.me : undefined;

effect(() => {
  if (sessionEnds.value === 0) return;
  const was = current.peek();
  current.value =
    was.state === 'somebody' || was.state === 'ended' ? { state: 'ended', me: was.me } : { state: 'nobody' };
});

/**
 * Asks who is signed in; unless `byItself` that counts as somebody being there. Somebody else than before gets nothing of what the one before had on screen.
 *
 * @throws ApiError where the server could not say
 */
export async function askSession({ byItself: isByItself = false } = {}): Promise<void> {
  const was = whoIsIn();
  const { signal } = new AbortController();
  try {
    const me = await get('/api/me', meSchema, { signal: isByItself ? byItself(signal) : signal });
    if (was && was.account !== me.account) return location.replace('/');
    if (me.language) language.value = me.language;
    current.value = { state: 'somebody', me };
  } catch (error) {
    if (!isApiError(error, 'not_signed_in')) throw error;
  }
}

/** Ends it here and at the server, and leaves nothing of it in this page. */
export async function signOut(): Promise<void> {
  try {
    await send('POST', '/api/sign-out');
  } catch (error) {
    if (!isApiError(error, 'not_signed_in')) throw error;
  }
  location.replace('/');
}
