import { createHash } from 'node:crypto';
import type { UsernameToken } from './soap.ts';

/** How far a token's `Created` may be from the camera's own clock. */
export const TOKEN_WINDOW_MS = 5000;

/** WS-Security UsernameToken Profile 1.0: digest = Base64(SHA-1(nonce + created + password)). */
export function acceptsToken(
  token: UsernameToken,
  account: { readonly user: string; readonly password: string },
  cameraUtcMs: number,
): boolean {
  const createdMs = Date.parse(token.created);
  if (!(Math.abs(createdMs - cameraUtcMs) <= TOKEN_WINDOW_MS)) return false;
  const expected = createHash('sha1')
    .update(Buffer.from(token.nonce, 'base64'))
    .update(token.created)
    .update(account.password)
    .digest('base64');
  return token.username === account.user && token.digest === expected;
}
