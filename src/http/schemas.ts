import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { GirokError } from '../lib/errors.ts';

/** Of a malformed request so many places are named. */
const PLACES_TOLD = 5;

/**
 * Requests are taken as they are: nothing is converted, nothing that is not known is dropped, and an answer that is not
 * what its schema says does not go out.
 */
export function useZod(app: FastifyInstance): void {
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart = '' }) => (value) => {
    const read = schema.safeParse(value);
    if (read.success) return { value: read.data };
    return { error: new GirokError('request_malformed', { where: placesOf(read.error, httpPart) }) };
  });
  app.setSerializerCompiler<z.ZodType>(
    ({ schema }) =>
      (answer) =>
        JSON.stringify(schema.parse(answer)),
  );
}

/** `body.login, query.limit`: where, and never what was there: it may be a password. */
function placesOf({ issues }: z.ZodError, part: string): string {
  const name = part === 'querystring' ? 'query' : part;
  const places = issues.flatMap(({ path, ...issue }) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
    return keys.map((key) =>
      [name, ...path, ...(key === undefined ? [] : [key])].map((step) => String(step).slice(0, 40)).join('.'),
    );
  });
  return [...new Set(places)].slice(0, PLACES_TOLD).join(', ');
}
