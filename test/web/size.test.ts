import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const BUILT = fileURLToPath(new URL('../../dist/web', import.meta.url));
const WEB = fileURLToPath(new URL('../../web', import.meta.url));
const MOST_BYTES = 250_000;
/** Chunks with one of these players in them are loaded when pictures are first looked at. */
const PLAYERS = /hls\.js|mpegts|uPlot/i;

const files = readdirSync(BUILT, { recursive: true, encoding: 'utf8' });
const textOf = (file: string) => readFileSync(`${BUILT}/${file}`, 'utf8');

describe('the sources of the pages', () => {
  it('put no text together that a browser would read as a page, a script or a style', () => {
    const sources = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.tsx?$/.test(file),
    );
    expect(sources.length).toBeGreaterThan(40);
    const dangerous =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|\beval\(|new Function|style=["'`]|javascript:/i;
    expect(sources.filter((file) => dangerous.test(readFileSync(`${WEB}/${file}`, 'utf8')))).toEqual([]);
  });

  it('keep nothing in the browser but how it looks', () => {
    const sources = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.tsx?$/.test(file),
    );
    const keeping = /localStorage|sessionStorage|indexedDB|\bcaches\b|document\.cookie|serviceWorker/;
    expect(sources.filter((file) => keeping.test(readFileSync(`${WEB}/${file}`, 'utf8')))).toEqual([
      'app/kept.ts',
    ]);
  });
});

describe('the built pages', () => {
  it('are at most 250 kB gzipped, all pages together, before a player is loaded', () => {
    const parts = files
      .filter((file) => /\.(js|css|html|svg)$/.test(file))
      .map((file) => ({ file, text: textOf(file) }))
      .filter(({ file, text }) => !(PLAYERS.test(file) || (file.endsWith('.js') && PLAYERS.test(text))))
      .map(({ file, text }) => [file, gzipSync(text).length] as const);
    expect(parts.length).toBeGreaterThan(5);
    const bytes = parts.reduce((sum, [, size]) => sum + size, 0);
    expect(bytes, JSON.stringify(parts)).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('have nothing that the content policy would have to make an exception for', () => {
    const page = textOf('index.html');
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|https?:|data:/);
    const styles = files.filter((one) => one.endsWith('.css'));
    expect(styles.filter((file) => /url\(["']?(data:|https?:)|@import/.test(textOf(file)))).toEqual([]);
  });

  it('carry no source and no map', () => {
    expect(files.filter((file) => /\.(map|ts|tsx)$/.test(file))).toEqual([]);
  });
});
