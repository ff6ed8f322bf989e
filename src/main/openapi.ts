import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openApiOf } from '../http/openapi.ts';
import { declaredRoutes } from '../http/routes.ts';

/** Writes the description of the API anew (`npm run openapi`); a test holds the one in docs/ against the routes. */
const folder = fileURLToPath(new URL('../../docs/api/', import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}openapi.json`, `${JSON.stringify(openApiOf(declaredRoutes()), null, 2)}\n`);
