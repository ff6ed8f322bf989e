import type { Api, Person } from './people.ts';

/** Somebody proves once more who they are, in their session: for five minutes nothing asks for it. */
export const prove = (api: Api, { token, password }: Person, reason: 'right' | 'approval' | 'account') =>
  api.call(token, 'POST', '/api/proof', { proof: { password }, for: reason });
