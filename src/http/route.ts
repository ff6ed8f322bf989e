import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { RoleFunction } from '../access/actions.ts';
import type { Question } from '../access/policy.ts';
import type { Language } from '../i18n/language.ts';
import { GirokError } from '../lib/errors.ts';
import type { LiveSocket } from '../live/pipe-to-web-socket.ts';
import type { Caller, Session } from './ports.ts';

/**
 * Who may ask. `public`: anybody. `monitor`: this machine, or whoever knows the token of `http.monitor`. `gate`: a
 * person who is signed in; whether they may is for `viewing` to say, which asks more than a route can know.
 * `kiosk`: the screen of a data subject, whose session is nobody's and opens nothing else. Everything else is a
 * question to the policy.
 */
export type Access =
  | 'public'
  | 'monitor'
  | 'gate'
  | 'kiosk'
  | { readonly function: RoleFunction }
  | SiteAction
  /** Whoever may do one of these. */
  | { readonly either: readonly SiteAction[] };

export type SiteAction = Exclude<Question, { function: unknown } | { camera: unknown }>;

export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  readonly language: Language;
  /** Of every route that is not `public` or `monitor`. */
  readonly session: Session;
  /** The token of that session. */
  readonly token: string;
  /** Gives the browser a session's token, or takes it away. */
  setToken(token: string | undefined): void;
  /** By what this browser is known when nobody is signed in; undefined for a strange one. */
  readonly device: string | undefined;
  setDevice(device: string): void;
  /**
   * Asks the policy about what only the request itself names: one camera of many. A refusal is entered.
   *
   * @throws GirokError `not_allowed`
   */
  demand(question: Question): Promise<void>;
  /** Aborted when nobody waits for the answer any more. */
  readonly left: AbortSignal;
  /**
   * Counts an attempt to get in: from this address, and under this name where it is somebody's. What strangers share
   * has none, or one of them could use up the attempts of all.
   *
   * @throws GirokError `too_many_requests`
   */
  attempt(name?: string): Promise<void>;
}

/** Something to be sent as it is. */
export interface Raw {
  readonly status?: number;
  readonly type: string;
  /** A stream is destroyed when nobody reads on. */
  readonly body: string | Buffer | Readable;
  /** Length of a stream. */
  readonly bytes?: number;
  /** More about the body, by lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a WebSocket is for once it stands. */
export interface Pictures {
  /** Until either side ends it. */
  show(socket: LiveSocket): Promise<unknown>;
  /** It never stood. */
  drop(): void;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/api/alarms/:id/take` */
  readonly path: string;
  readonly access: Access;
  /** English, for the documentation. */
  readonly summary: string;
  /** It shows or changes what concerns people and makes no entry of its own: then the server makes one before it. */
  readonly touchesPeople: boolean;
  readonly input: { readonly params: z.ZodType; readonly query: z.ZodType; readonly body?: z.ZodType };
  /** Absent: nothing is answered (204). `raw`: the handler brings a {@link Raw}. */
  readonly answer?: z.ZodType | 'raw';
  handle(call: Call<unknown, unknown, unknown>): unknown;
  /** Of a WebSocket: asked before it stands, so that a refusal is an answer like any other. */
  readonly socket?: (call: Call<unknown, unknown, unknown>) => Promise<Pictures>;
}

/** Nothing may be given. */
const NOTHING = z.strictObject({});
type Nothing = typeof NOTHING;

interface Definition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly method: Route['method'];
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  readonly touchesPeople?: boolean;
  readonly params?: P;
  readonly query?: Q;
  /** Of POST, PUT and DELETE; absent: `{}` alone. */
  readonly body?: B;
}

/** One route, with its handler's types from its schemas. What a schema does not name is refused. */
export function route<
  A extends z.ZodType,
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
>(
  definition: Definition<P, Q, B> & {
    readonly answer: A;
    handle(call: Call<z.output<P>, z.output<Q>, z.output<B>>): z.input<A> | Promise<z.input<A>>;
  },
): Route {
  const { handle, ...rest } = definition;
  return made(rest, rest.answer, handle as Route['handle']);
}

/** A route that answers nothing but that it is done. */
export function command<
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
>(
  definition: Definition<P, Q, B> & {
    handle(call: Call<z.output<P>, z.output<Q>, z.output<B>>): void | Promise<void>;
  },
): Route {
  const { handle, ...rest } = definition;
  return made(rest, undefined, handle as Route['handle']);
}

/** A route whose answer is no JSON document. */
export function raw<P extends z.ZodType = Nothing, Q extends z.ZodType = Nothing>(
  definition: Definition<P, Q, Nothing> & {
    handle(call: Call<z.output<P>, z.output<Q>, unknown>): Raw | Promise<Raw>;
  },
): Route {
  const { handle, ...rest } = definition;
  return made(rest, 'raw', handle as Route['handle']);
}

/** A WebSocket over which pictures go. */
export function pictures<P extends z.ZodType = Nothing, Q extends z.ZodType = Nothing>(
  definition: Omit<Definition<P, Q, Nothing>, 'method'> & {
    open(call: Call<z.output<P>, z.output<Q>, unknown>): Promise<Pictures>;
  },
): Route {
  const { open, ...rest } = definition;
  const handle = () => {
    throw new GirokError('request_no_socket');
  };
  return { ...made({ ...rest, method: 'GET' }, 'raw', handle), socket: open as NonNullable<Route['socket']> };
}

function made(
  {
    method,
    path,
    access,
    summary,
    touchesPeople = false,
    params,
    query,
    body,
  }: Definition<z.ZodType, z.ZodType, z.ZodType>,
  answer: Route['answer'],
  handle: Route['handle'],
): Route {
  const input = {
    params: params ?? NOTHING,
    query: query ?? NOTHING,
    ...(method !== 'GET' && { body: body ?? NOTHING }),
  };
  return { method, path, access, summary, touchesPeople, input, ...(answer && { answer }), handle };
}
