import { errorAnswerSchema } from '../../src/contract/errors.ts';
import { language } from '../app/language.ts';
import { words } from '../app/words.ts';
import { ApiError } from './api-error.ts';

/**
 * A file of the server, into the browser's downloads. Not by a link: what is refused is said on the page, and a proof
 * can be asked for. It is in memory until it is saved, and then let go.
 *
 * @throws ApiError
 */
export async function download(
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  name: string,
): Promise<void> {
  const asked = new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  ).toString();
  let response: Response;
  let file: Blob;
  try {
    response = await fetch(asked === '' ? path : `${path}?${asked}`, {
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      headers: { 'accept-language': language.peek() },
    });
    file = await response.blob();
  } catch {
    throw new ApiError({ code: 'unreachable', sentence: words().errors.unreachable, status: 0 });
  }
  if (!response.ok) throw refusalOf(await file.text(), response.status);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function refusalOf(text: string, status: number): ApiError {
  try {
    const { error, message, why, seconds } = errorAnswerSchema.parse(JSON.parse(text));
    return new ApiError({ code: error, sentence: message, status, why, seconds });
  } catch {
    // Not ours: something between this page and the server answered.
    return new ApiError({ code: 'unreadable', sentence: words().errors.unreadable, status });
  }
}
