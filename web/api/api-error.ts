/** Why the server did not do what it was asked. */
export class ApiError extends Error {
  /** A code of the server's own list; `unreachable` and `unreadable` are this side's. */
  readonly code: string;
  /** What went wrong and what to do, in the reader's language. */
  readonly sentence: string;
  /** HTTP; 0 where there was no answer. */
  readonly status: number;
  /** Which of the code's reasons. */
  readonly why: string | undefined;
  /** After how many seconds it may be tried again. */
  readonly seconds: number | undefined;

  /** What it is called in the server's log. */
  readonly reference: string | undefined;

  constructor(told: {
    readonly code: string;
    readonly sentence: string;
    readonly status: number;
    readonly why?: string | undefined;
    readonly seconds?: number | undefined;
    readonly reference?: string | undefined;
  }) {
    super(told.code);
    this.name = 'ApiError';
    this.code = told.code;
    this.sentence = told.sentence;
    this.status = told.status;
    this.why = told.why;
    this.seconds = told.seconds;
    this.reference = told.reference;
  }
}

export const isApiError = (error: unknown, code?: string): error is ApiError =>
  error instanceof ApiError && (code === undefined || error.code === code);
