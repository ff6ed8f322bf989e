import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { find, findAll, readSoap, SoapRefused } from '../../../src/cameras/soap-tree.ts';

describe("a camera's XML", () => {
  it('is read by local names, with lists always lists and texts always texts', () => {
    const tree = readSoap(
      '<?xml version="1.0"?><!-- hi --><s:E xmlns:s="x"><p:Item tt:token="1.10"> true </p:Item><Item token=\'a&amp;b\'/><T><![CDATA[<raw>]]>&#x41;&#66;</T></s:E>',
    );
    expect(findAll(tree, 'Item').map(({ attributes, text }) => [attributes.token, text])).toEqual([
      ['1.10', 'true'],
      ['a&b', ''],
    ]);
    expect(find(tree, 'T')?.text).toBe('<raw>AB');
  });

  it.each([
    ['a document type', '<!DOCTYPE a><a/>'],
    ['an entity of its own', '<a>&bomb;</a>'],
    ['a bare ampersand', '<a>1 & 2</a>'],
    ['33 levels', '<a>'.repeat(33) + '</a>'.repeat(33)],
    ['4001 elements', `<a>${'<b/>'.repeat(4000)}</a>`],
    ['65 kB', `<a>${'x'.repeat(65_536)}</a>`],
    ['crossed tags', '<a><b></a></b>'],
    ['an open end', '<a><b></b>'],
    ['two roots', '<a/><b/>'],
    ['an attribute without quotes', '<a b=c/>'],
    ['text outside', 'hello<a/>'],
    ['nothing', ''],
  ])('is refused with %s', (_what, xml) => {
    expect(() => readSoap(xml)).toThrow(SoapRefused);
  });

  it.each([
    ['an endless tag name', `<${'a'.repeat(60_000)}`],
    ['an endless attribute', `<a ${'b'.repeat(60_000)}>`],
    ['blanks in a tag', `<a${' '.repeat(60_000)}b>`],
    ['unclosed comments', '<!--'.repeat(15_000)],
    ['unclosed sections', '<![CDATA['.repeat(7_000)],
    ['open brackets', '<a '.repeat(20_000)],
    ['ampersands', `<a>${'&'.repeat(60_000)}</a>`],
  ])('costs no time with %s', (_what, xml) => {
    const startedAt = performance.now();
    expect(() => readSoap(xml)).toThrow(SoapRefused);
    expect(performance.now() - startedAt).toBeLessThan(200);
  });

  it('is read or refused, never anything else', () => {
    const piece = fc.constantFrom(
      '<a>',
      '</a>',
      '<b c="d"/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&lt;',
      '&',
      '"',
      ' ',
      'x',
      '<',
      '>',
      '<?x?>',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          return readSoap(pieces.join('')).name.length > 0;
        } catch (error) {
          return error instanceof SoapRefused;
        }
      }),
    );
  });
});
