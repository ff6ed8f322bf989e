import type { Cancel, Clock } from '../lib/clock.ts';
import type { Authorizer } from './auth.ts';
import { numberOf, printMessage, type RtspReply } from './message.ts';

export interface Question {
  readonly method: string;
  readonly url: string;
  /** Whole lines, `Name: value`. */
  readonly headers: readonly string[];
  /** How long the camera may take, logins included. */
  readonly waitMs: number;
}

/** The requests of one connection and what is said to them. */
export interface Questions {
  /** Sends a request; `answered` is called once: with the final reply, or undefined when none came in time. */
  ask(question: Question, answered: (reply: RtspReply | undefined) => void): void;
  /** A reply has come. */
  take(reply: RtspReply): void;
  /** Nothing is answered any more. */
  close(): void;
}

interface Open extends Question {
  readonly answered: (reply: RtspReply | undefined) => void;
  cancel: Cancel;
  cseq: number;
  refusals: number;
  nonce: string | undefined;
}

/**
 * Replies belong to the request whose CSeq they name, or to the oldest when they name none. A 401 is answered
 * once per request with the login; twice when the camera found the nonce too old or gave another one.
 */
export function createQuestions(
  authorizer: Authorizer,
  send: (bytes: Buffer) => void,
  { clock }: { clock: Clock },
): Questions {
  let open: Open[] = [];
  let lastCseq = 0;

  function put(question: Open): void {
    const { method, url, headers } = question;
    const authorization = authorizer.authorization(method, url);
    question.cseq = ++lastCseq;
    question.nonce = authorizer.nonce;
    open.push(question);
    send(
      printMessage([
        `${method} ${url} RTSP/1.0`,
        `CSeq: ${question.cseq}`,
        // Some cameras answer 401 to whoever does not introduce himself.
        'User-Agent: Girok',
        ...(authorization ? [`Authorization: ${authorization}`] : []),
        ...headers,
      ]),
    );
  }

  /** Whether it is worth another try, with what the refusal says. */
  function mayTryAgain(question: Open, reply: RtspReply): boolean {
    if (!authorizer.challenged(reply.headers.get('www-authenticate') ?? [])) return false;
    question.refusals++;
    if (question.refusals === 1) return true;
    const renewed = authorizer.stale || authorizer.nonce !== question.nonce;
    return question.refusals === 2 && authorizer.nonce !== undefined && renewed;
  }

  function close(question: Open): void {
    open = open.filter((other) => other !== question);
  }

  return {
    ask(asked, answered) {
      const question: Open = {
        ...asked,
        answered,
        cancel: () => undefined,
        cseq: 0,
        refusals: 0,
        nonce: undefined,
      };
      question.cancel = clock.after(asked.waitMs, () => {
        close(question);
        answered(undefined);
      });
      put(question);
    },
    take(reply) {
      // 100 Continue and the like: the answer is still to come.
      if (reply.status < 200) return;
      const cseq = numberOf(reply, 'cseq');
      const question = cseq === undefined ? open[0] : open.find((one) => one.cseq === cseq);
      if (!question) return;
      close(question);
      if (reply.status === 401 && mayTryAgain(question, reply)) return put(question);
      question.cancel();
      question.answered(reply);
    },
    close() {
      for (const question of open.splice(0)) question.cancel();
    },
  };
}
