import { TOTP } from 'otpauth';
import { SESSION_COOKIE } from '../../../src/http/cookies.ts';

/** Somebody of the site under test, signed in through the real API. */
export interface Person {
  readonly login: string;
  readonly name: string;
  readonly role: string;
  readonly password: string;
  /** Of the factor, of those who need one: each works once, without waiting for the next number of an app. */
  readonly recoveryCodes: string[];
  /** Base 32. */
  readonly totpSecret: string | undefined;
  /** The token of a session that stands. */
  readonly token: string;
}

export interface Api {
  readonly url: string;
  /** As somebody; throws what the API answered when that was no success. */
  call(token: string | undefined, method: string, path: string, body?: object): Promise<unknown>;
}

interface Account {
  readonly login: string;
  readonly name: string;
  readonly role: string;
  readonly password: string;
}

export const apiAt = (url: string): Api => ({
  url,
  async call(token, method, path, body) {
    const answer = await ask(url, token, method, path, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  },
});

/** Signs in, and sets up an authenticator app where the role needs a factor. */
export async function signIn(api: Api, account: Account): Promise<Person> {
  const { login, password } = account;
  const answer = await ask(api.url, undefined, 'POST', '/api/sign-in', { login, password });
  const token = tokenIn(answer);
  if (!token) throw new Error(`${login} cannot sign in: ${await answer.text()}`);
  const me = (await api.call(token, 'GET', '/api/me')) as { asked?: string };
  if (me.asked !== 'factor') return { ...account, token, recoveryCodes: [], totpSecret: undefined };
  const { secret } = (await api.call(token, 'POST', '/api/me/totp', {})) as { secret: string };
  const code = new TOTP({ secret }).generate();
  const { recoveryCodes } = (await api.call(token, 'POST', '/api/me/totp/confirm', { code })) as {
    recoveryCodes: string[];
  };
  return { ...account, token, recoveryCodes, totpSecret: secret };
}

/** Another administrator: made and asked for by the first, approved by the officer, with a password of their own. */
export async function secondAdministrator(api: Api, first: Person, officer: Person): Promise<Person> {
  const asFirst = (path: string, body: object) => api.call(first.token, 'POST', path, body);
  const account = { login: 'second.admin', name: '한수연', role: 'administrator' } as const;
  const made = (await asFirst('/api/people', { ...account, kind: 'staff' })) as {
    account: string;
    password: string;
  };
  const terms = { actions: ['manage_people'], cameras: [], from: new Date().toISOString() };
  const reason = '휴가 중에 계정을 대신 맡습니다';
  const { right } = (await asFirst('/api/rights', { account: made.account, terms, reason })) as {
    right: string;
  };
  await api.call(officer.token, 'POST', `/api/rights/${right}/approve`);
  const password = '초록 우산 열두 개와 오래된 지도';
  const answer = await ask(api.url, undefined, 'POST', '/api/sign-in', {
    login: account.login,
    password: made.password,
  });
  await api.call(tokenIn(answer), 'POST', '/api/me/password', { current: made.password, next: password });
  return signIn(api, { ...account, password });
}

/** The step that was used at the set-up is used: the next one is good already (a minute's drift is allowed). */
export const nextCode = (secret: string | undefined): string =>
  new TOTP({ secret: secret ?? '' }).generate({
    timestamp: performance.timeOrigin + performance.now() + 30_000,
  });

const tokenIn = (answer: Response): string | undefined =>
  new RegExp(`${SESSION_COOKIE}=([^;]+)`).exec(answer.headers.getSetCookie().join('\n'))?.[1];

const ask = (url: string, token: string | undefined, method: string, path: string, body?: object) =>
  fetch(`${url}${path}`, {
    method,
    headers: {
      origin: url,
      ...(token !== undefined && { cookie: `${SESSION_COOKIE}=${token}` }),
      ...(method !== 'GET' && { 'content-type': 'application/json' }),
    },
    ...(method !== 'GET' && { body: JSON.stringify(body ?? {}) }),
  });
