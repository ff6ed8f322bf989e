import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { LICENCES } from './licences.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A module of Node in the pages would be an empty object there: better no build than that. */
const NO_NODE: Plugin = {
  name: 'no-node-in-pages',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source.startsWith('node:')) throw new Error(`${importer ?? 'a page'} imports ${source}`);
    return null;
  },
};

/** The pages, as static files whose names change with their content. Nothing inline: the content policy allows none. */
export default defineConfig({
  root: here('.'),
  base: '/',
  publicDir: here('public'),
  cacheDir: here('../dist/.vite'),
  plugins: [NO_NODE, LICENCES],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600,
  },
});
