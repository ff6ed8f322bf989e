import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const LICENCE = /^(licen[cs]e|copying)(\.\w+)?$/i;
/** Some keep it beside what they hand out. */
const PLACES = ['.', 'dist'];

/**
 * Whatever of others goes to a browser goes with its licence (the OFL of the typeface asks for it): one text,
 * `licences.txt`, of every package that a page is built from.
 */
export const LICENCES: Plugin = {
  name: 'licences-of-what-is-shipped',
  apply: 'build',
  generateBundle() {
    const folders = new Set([...this.getModuleIds()].flatMap((id) => packageOf(id) ?? []));
    const texts = [...folders].map(textOf).sort();
    this.emitFile({ type: 'asset', fileName: 'licences.txt', source: texts.join('\n') });
  },
};

/** @returns the folder of the package that a module is of; undefined for one of ours */
function packageOf(id: string): string | undefined {
  return /^(?:\0)?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.split('?', 1)[0] ?? '')?.[1];
}

function textOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const file = PLACES.map((place) => join(folder, place))
    .filter((place) => existsSync(place))
    .flatMap((place) => readdirSync(place).map((each) => join(place, each)))
    .find((path) => LICENCE.test(path.slice(dirname(path).length + 1)));
  // Better no build than one that hands out what nobody may.
  if (file === undefined) throw new Error(`${name} comes without the text of its licence`);
  const head = `${name} ${version} (${license ?? 'see below'})`;
  return `${head}\n${'='.repeat(head.length)}\n\n${readFileSync(file, 'utf8').trim()}\n`;
}
