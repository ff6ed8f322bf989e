import { createHmac } from 'node:crypto';
import type { NotifyConfig } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import type { Clock } from '../lib/clock.ts';
import { isGirokError } from '../lib/errors.ts';
import type { Sent } from './mail.ts';

export interface Webhook {
  /** @param document is sent as JSON. Never throws for what the server or the network does */
  post(document: unknown, signal?: AbortSignal): Promise<Sent>;
}

export interface WebhookDeps {
  readonly settings: NonNullable<NotifyConfig['webhook']>;
  readonly secrets: Secrets;
  readonly clock: Clock;
}

const PATIENCE_MS = 5000;

/**
 * One POST for each telling. With a secret `girok-signature` is `sha256=` and the HMAC-SHA256 in hex over the value
 * of `girok-timestamp` (Unix seconds), a full stop and the body; a receiver refuses what is older than it likes.
 * Redirects are not followed, and of the answer only the status is read.
 */
export function createWebhook({ settings: { url, secret }, secrets, clock }: WebhookDeps): Webhook {
  const post = async (document: unknown, signal: AbortSignal | undefined): Promise<Sent> => {
    const body = JSON.stringify(document);
    const timestamp = String(Math.floor(clock.utcUs() / 1_000_000));
    const key = secret && secrets.resolve(secret).reveal();
    const signature = key && createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex');
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'girok-timestamp': timestamp,
        ...(signature && { 'girok-signature': `sha256=${signature}` }),
      },
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), ...(signal ? [signal] : [])]),
    });
    await response.body?.cancel();
    return response.ok ? { ok: true } : { ok: false, error: `HTTP ${response.status}` };
  };
  return {
    post: (document, signal) =>
      post(document, signal).catch((error: unknown): Sent => {
        if (isGirokError(error)) return { ok: false, error: error.code };
        const cause = (error as { cause?: { code?: unknown } }).cause?.code;
        return { ok: false, error: typeof cause === 'string' ? cause : (error as Error).name };
      }),
  };
}
