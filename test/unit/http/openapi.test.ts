import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openApiOf } from '../../../src/http/openapi.ts';
import { declaredRoutes } from '../../../src/http/routes.ts';
import { allRoutes } from '../../support/http/all-routes.ts';
import { cookieOf, served, sessionOf } from '../../support/http/served.ts';

const written = readFileSync(new URL('../../../docs/api/openapi.json', import.meta.url), 'utf8');

describe('docs/api/openapi.json', () => {
  it('is what the routes declare: otherwise `npm run openapi`', () => {
    expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(openApiOf(declaredRoutes()))));
  });

  it('refuses keys that it does not name, in every body', () => {
    for (const [path, operations] of Object.entries(openApiOf(declaredRoutes()).paths))
      for (const { requestBody } of Object.values(operations))
        if (requestBody) expect(JSON.stringify(requestBody), path).toContain('"additionalProperties":false');
  });

  it('is shown to administrators, as a document and as a page that runs nothing', async () => {
    const site = await served(allRoutes());
    site.sessions.set('administrator', sessionOf('administrator'));
    const headers = cookieOf('administrator');
    expect((await site.ask('/api/openapi.json', { headers })).json()).toEqual(JSON.parse(written));
    const page = await site.ask('/api/documentation', { headers });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.body).toContain('GET /api/logs/{view}');
    expect(page.body).not.toMatch(/<script|<style|style=|onclick|href=/);
  });
});
