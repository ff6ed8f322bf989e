import type { z } from 'zod';
import { errorAnswerSchema } from '../../src/contract/errors.ts';
import { UNASKED_HEADER } from '../../src/contract/unasked.ts';
import { learnTime, nowMs, steadyMs } from '../app/clock.ts';
import { language } from '../app/language.ts';
import { words } from '../app/words.ts';
import { ApiError, isApiError } from './api-error.ts';
import { connection, sessionEnds } from './connection.ts';
import { isUnasked } from './unasked.ts';

export interface Asking {
  readonly signal?: AbortSignal;
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
}

/**
 * Everything that the pages ask the server, and the only place that calls `fetch` for JSON. Each answer passes the schema
 * of the contract; what does not is an error and not shown. Nothing that changes something is sent twice by itself.
 *
 * @throws ApiError; the abort's own reason when it was aborted
 */
export const get = async <A extends z.ZodType>(
  path: string,
  answer: A,
  asking: Asking = {},
): Promise<z.output<A>> => parsed(answer, await call('GET', path, undefined, asking));

export const post = async <A extends z.ZodType>(
  path: string,
  body: object,
  answer: A,
  asking: Asking = {},
): Promise<z.output<A>> => parsed(answer, await call('POST', path, body, asking));

/** For what is answered by nothing (204). */
export const send = async (
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body: object = {},
  asking: Asking = {},
): Promise<void> => void (await call(method, path, body, asking));

/** Bytes with what is said about them: footage, which no schema describes and nothing keeps. */
export async function getBytes(
  path: string,
  asking: Asking = {},
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; header(name: string): string | null }> {
  const { body, headers } = await ask('GET', path, undefined, asking);
  return { bytes: body, header: (name) => headers.get(name) };
}

async function call(
  method: string,
  path: string,
  body: object | undefined,
  asking: Asking,
): Promise<unknown> {
  const answer = await ask(method, path, body, asking);
  const text = new TextDecoder().decode(answer.body);
  return text === '' ? undefined : readJson(text, answer.status);
}

interface Answer {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Headers;
  readonly status: number;
}

async function ask(
  method: string,
  path: string,
  body: object | undefined,
  { signal, query = {} }: Asking,
): Promise<Answer> {
  const asked = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString();
  const askedMs = steadyMs();
  let response: Response;
  let received: Uint8Array<ArrayBuffer>;
  try {
    response = await fetch(asked === '' ? path : `${path}?${asked}`, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      headers: {
        'accept-language': language.peek(),
        accept: 'application/json',
        ...(isUnasked(signal) && { [UNASKED_HEADER]: '1' }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    received = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    if (signal?.aborted) throw error;
    connection.value = { ...connection.peek(), reachable: false };
    throw new ApiError({ code: 'unreachable', sentence: words().errors.unreachable, status: 0 });
  }
  learnTime(response.headers.get('date'), askedMs);
  connection.value = { reachable: true, seenMs: nowMs() };
  const { status } = response;
  if (response.ok) return { body: received, headers: response.headers, status };
  const error = errorOf(readJson(new TextDecoder().decode(received), status), status);
  if (isApiError(error, 'not_signed_in')) sessionEnds.value += 1;
  throw error;
}

function readJson(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not ours: something between this page and the server answered.
    throw unreadable(status);
  }
}

function errorOf(answer: unknown, status: number): ApiError {
  const read = errorAnswerSchema.safeParse(answer);
  if (!read.success) return unreadable(status);
  const { error, message, why, seconds, reference } = read.data;
  // Wherever the sentence is said, what to name when one asks for help is said with it.
  const sentence = reference === undefined ? message : `${message} ${words().errors.askWith({ reference })}`;
  return new ApiError({ code: error, sentence, status, why, seconds, reference });
}

function parsed<A extends z.ZodType>(schema: A, answer: unknown): z.output<A> {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  // Where, for whoever looks into the browser; never what was there.
  console.error(
    'unreadable answer',
    read.error.issues.map(({ path, code }) => [path.join('.'), code]).slice(0, 5),
  );
  throw unreadable(200);
}

const unreadable = (status: number): ApiError =>
  new ApiError({ code: 'unreadable', sentence: words().errors.unreadable, status });
