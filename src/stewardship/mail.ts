import type { MailConfig } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import { isGirokError, systemCode } from '../lib/errors.ts';

/** Plain text; whatever may not leave the house must not be in it. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly attachments?: readonly { readonly name: string; readonly content: string }[];
}

/** `error`: in a word why it was not taken, or not by everybody, for a sentence. */
export type Sent =
  | { readonly ok: true; readonly error?: string }
  | { readonly ok: false; readonly error: string };

export interface Mailer {
  /** Never throws for what the server or the network does, and takes at most {@link PATIENCE_MS}. */
  send(mail: Mail, signal?: AbortSignal): Promise<Sent>;
}

export interface MailerDeps {
  readonly settings: MailConfig;
  readonly secrets: Secrets;
  readonly clock: Clock;
  /** Trusted besides the system's certificate authorities, PEM. */
  readonly authorities?: readonly string[];
}

const PATIENCE_MS = 30_000;
const STEP_MS = 10_000;

/** Sends over SMTP: one connection for each mail, certificates verified, and no password without TLS. */
export function createMailer({ settings, secrets, clock, authorities }: MailerDeps): Mailer {
  const { host, port, tls, from, to, credential } = settings;

  const send = async ({ subject, text, attachments = [] }: Mail): Promise<Sent> => {
    // A tenth of a second, for the processes that only might send one.
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      host,
      port,
      secure: tls === 'tls',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(authorities && { ca: [...authorities] }) },
      ...(credential && {
        auth: { user: credential.user, pass: secrets.resolve(credential.password).reveal() },
      }),
      connectionTimeout: STEP_MS,
      greetingTimeout: STEP_MS,
      socketTimeout: STEP_MS,
      dnsTimeout: STEP_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const { rejected } = await transport.sendMail({
        from,
        to: [...to],
        subject,
        text,
        attachments: attachments.map(({ name, content }) => ({
          filename: name,
          content,
          contentType: 'text/plain; charset=utf-8',
        })),
        date: new Date(clock.utcUs() / 1000),
        // No machine shall answer a machine (RFC 3834).
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return rejected.length === 0
        ? { ok: true }
        : // Sent again, it would reach the others twice.
          { ok: true, error: `${rejected.length} of ${to.length} recipients` };
    } finally {
      transport.close();
    }
  };

  return {
    async send(mail, signal) {
      const settled = new AbortController();
      const late = sleep(clock, PATIENCE_MS, AbortSignal.any([settled.signal, ...(signal ? [signal] : [])]));
      try {
        return await Promise.race([send(mail), late.then((): Sent => ({ ok: false, error: 'ETIMEDOUT' }))]);
      } catch (error) {
        return { ok: false, error: signal?.aborted ? 'aborted' : reasonOf(error) };
      } finally {
        late.catch(() => undefined);
        settled.abort();
      }
    },
  };
}

/** The kind of failure is enough: a server's own words can hold anything. */
function reasonOf(error: unknown): string {
  if (isGirokError(error)) return error.code;
  const { responseCode } = error as { responseCode?: unknown };
  const code = systemCode(error) ?? 'unknown';
  return typeof responseCode === 'number' ? `${code} ${responseCode}` : code;
}
