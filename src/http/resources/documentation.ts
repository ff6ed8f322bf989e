import { z } from 'zod';
import type { Operation } from '../openapi.ts';
import { openApiOf } from '../openapi.ts';
import { type Route, raw, route } from '../route.ts';

/** The API's own description, as a document and as a page. `routes`: all others. */
export function documentationRoutes(routes: readonly Route[]): Route[] {
  const access = { function: 'documentation' } as const;
  const own: Route[] = [
    route({
      method: 'GET',
      path: '/api/openapi.json',
      access,
      summary: 'This description.',
      answer: z.looseObject({ openapi: z.string() }),
      handle: () => ({ ...openApiOf([...routes, ...own]) }),
    }),
    raw({
      method: 'GET',
      path: '/api/documentation',
      access,
      summary: 'This description as a page.',
      handle: () => ({ type: 'text/html; charset=utf-8', body: pageOf([...routes, ...own]) }),
    }),
  ];
  return own;
}

/** Without a script or a style: the content policy of the API allows neither. */
function pageOf(routes: readonly Route[]): string {
  const { info, paths } = openApiOf(routes);
  const sections = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => sectionOf(method, path, operation)),
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(info.title)} API</title></head><body><h1>${escaped(info.title)} API</h1><p>${escaped(info.description)}</p>${sections.join('')}</body></html>`;
}

function sectionOf(method: string, path: string, { summary, ...operation }: Operation): string {
  const { 'x-access': access, ...shape } = operation;
  return `<details><summary><code>${escaped(`${method.toUpperCase()} ${path}`)}</code> ${escaped(summary)}</summary><p>${escaped(JSON.stringify(access))}</p><pre>${escaped(JSON.stringify(shape, null, 2))}</pre></details>`;
}

const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
