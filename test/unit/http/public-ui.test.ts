import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readPublicUi } from '../../../src/http/public-ui.ts';
import { allRoutes } from '../../support/http/all-routes.ts';
import { served } from '../../support/http/served.ts';

const folder = mkdtempSync(join(tmpdir(), 'girok-ui-'));
const ui = join(folder, 'web');
const PAGE = `<!doctype html><title>기록</title>${' '.repeat(2000)}`;
const SCRIPT = `export const page = 1;${'//'.repeat(1000)}`;
mkdirSync(join(ui, 'assets'), { recursive: true });
writeFileSync(join(folder, 'secret.txt'), 'secret words');
writeFileSync(join(ui, 'index.html'), PAGE);
writeFileSync(join(ui, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
writeFileSync(join(ui, 'assets', 'main-3f2a.js'), SCRIPT);
writeFileSync(join(ui, 'assets', 'font-1b2c.woff2'), Buffer.alloc(100, 7));
writeFileSync(join(ui, 'assets', 'main-3f2a.js.map'), 'secret words');
writeFileSync(join(ui, '.env'), 'secret words');
symlinkSync(join(folder, 'secret.txt'), join(ui, 'linked.txt'));
afterAll(() => rmSync(folder, { recursive: true }));

const site = await served(allRoutes(), { ui: readPublicUi(ui) });
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const ask = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  site.ask(url, { method, headers });

describe('the pages', () => {
  it('are one page at every address that nothing else is at, with a content policy without exceptions', async () => {
    for (const url of ['/', '/account', '/requests/06h0a72vta2hwxnh', '/sign-in?back=%2Faccount']) {
      const { statusCode, headers, body } = await ask(url, HTML);
      expect([statusCode, body], url).toEqual([200, PAGE]);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'strict-transport-security': 'max-age=31536000',
      });
      const policy = String(headers['content-security-policy']);
      expect(policy.split(';').sort()).toEqual(
        [
          "base-uri 'none'",
          "connect-src 'self'",
          "default-src 'none'",
          "font-src 'self'",
          "form-action 'none'",
          "frame-ancestors 'none'",
          "img-src 'self' blob:",
          'media-src blob:',
          "script-src 'self'",
          "style-src 'self'",
          "worker-src 'self'",
        ].sort(),
      );
      expect(policy).not.toMatch(/unsafe|data:|\*|https?:/);
      expect(headers['permissions-policy']).toContain('camera=()');
      expect(headers).not.toHaveProperty('set-cookie');
    }
  });

  it('are kept for ever where their name changes with their content, and asked for again where not', async () => {
    const script = await ask('/assets/main-3f2a.js');
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(script.body).toBe(SCRIPT);
    const icon = await ask('/icon.svg');
    expect(icon.headers['cache-control']).toBe('no-cache');
    const again = await ask('/icon.svg', { 'if-none-match': String(icon.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it('are packed for whoever takes that', async () => {
    const packed = await ask('/assets/main-3f2a.js', { 'accept-encoding': 'gzip, deflate, br' });
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(gunzipSync(packed.rawPayload).toString()).toBe(SCRIPT);
    for (const wish of ['identity', 'br', 'gzip;q=0'])
      expect(
        (await ask('/assets/main-3f2a.js', { 'accept-encoding': wish })).headers,
        wish,
      ).not.toHaveProperty('content-encoding');
    const font = await ask('/assets/font-1b2c.woff2', { 'accept-encoding': 'gzip' });
    expect(font.headers).not.toHaveProperty('content-encoding');
    expect(font.rawPayload).toEqual(Buffer.alloc(100, 7));
  });

  it('answer HEAD as GET, without a body', async () => {
    for (const url of ['/', '/assets/main-3f2a.js']) {
      const [head, whole] = [await ask(url, HTML, 'HEAD'), await ask(url, HTML)];
      expect([head.statusCode, head.body]).toEqual([200, '']);
      const { date: _a, ...headers } = head.headers;
      const { date: _b, ...same } = whole.headers;
      expect(headers).toEqual(same);
    }
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/..\\secret.txt',
    '/..%5csecret.txt',
    '//secret.txt',
    '/linked.txt',
    '/.env',
    '/assets/main-3f2a.js.map',
    '/assets/main-3f2a.js%00.txt',
    '/assets',
    '/assets/',
    '/index.html',
    '/web/index.html',
    '/cameras.yml',
    '/package.json',
    '/src/main/web.ts',
    '/etc/passwd',
    '/%c0%ae%c0%ae/secret.txt',
    '/%',
  ])('are all that is served: not %s', async (url) => {
    for (const accept of ['*/*', HTML.accept]) {
      const answer = await ask(url, { accept });
      expect(answer.body).not.toContain('secret words');
      // A folder's name is no page either, but may be one some day: then it is the page alone.
      if (answer.statusCode === 200) expect([answer.body, accept]).toEqual([PAGE, HTML.accept]);
      else expect([400, 404]).toContain(answer.statusCode);
    }
  });

  it.each(['/api', '/api/', '/api/nowhere', '/api/people/1/nowhere', '/%61pi/nowhere', '/api%2fnowhere'])(
    'do not stand in for the API: %s',
    async (url) => {
      const answer = await ask(url, HTML);
      expect([answer.statusCode, answer.json().error]).toEqual([404, 'request_unknown']);
      expect(answer.headers['content-security-policy']).toBe(
        "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      );
    },
  );

  it('leave the API its own answers', async () => {
    expect((await ask('/api/sign-in', HTML)).statusCode).toBe(405);
    expect((await ask('/api/me', HTML)).statusCode).toBe(401);
    expect((await ask('/nowhere')).statusCode).toBe(404);
    expect((await ask('/healthz', HTML)).headers['content-type']).toContain('application/json');
  });

  it('open from a link elsewhere, which nothing else does', async () => {
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect((await ask('/account', { ...HTML, ...link })).statusCode).toBe(200);
    expect((await ask('/api/site', { ...HTML, ...link })).statusCode).toBe(403);
    for (const other of [
      { 'sec-fetch-mode': 'no-cors' },
      { 'sec-fetch-dest': 'iframe' },
      { origin: 'https://evil.example' },
    ])
      expect((await ask('/account', { ...HTML, ...link, ...other })).statusCode).toBe(403);
  });

  it('are not there where they were not built, and the API is', async () => {
    expect(readPublicUi(join(folder, 'nowhere'))).toBeUndefined();
    const without = await served(allRoutes(), { ui: undefined });
    expect((await without.ask('/', { headers: HTML })).statusCode).toBe(404);
    expect((await without.ask('/api/site')).statusCode).toBe(200);
  });
});
