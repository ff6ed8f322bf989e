/** An XML element as read: local names only, texts as texts, children always a list. */
export interface SoapElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly SoapElement[];
  /** Its own character data, trimmed. */
  readonly text: string;
}

/** Why a reply is not read; short enough for a log line. */
export class SoapRefused extends Error {}

/** A normal ONVIF reply stays far below each: a device with 20 profiles has about 60 kB and 12 levels. */
export const SOAP_LIMITS = { bytes: 64 * 1024, depth: 32, elements: 4000 } as const;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[^>]*\?>|<(\/?)([^\s/<>=!?]+)(?=[\s/>])([^<>]*)>|<|[^<]+/g;
// Sticky: each character is looked at once, however the tag is malformed.
const ATTRIBUTE = /\s*([^\s="'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;

/**
 * Reads a camera's XML in one pass and linear time. What SOAP does not need is refused rather than handled:
 * document types and entities (entity bombs, external files), deep nesting, many elements.
 *
 * @throws {SoapRefused}
 */
export function readSoap(xml: string): SoapElement {
  if (Buffer.byteLength(xml) > SOAP_LIMITS.bytes) throw new SoapRefused('larger than 64 kB');
  const open: Draft[] = [];
  let root: Draft | undefined;
  let elements = 0;
  for (const [token, cdata, slash, qualified, tail = ''] of xml.matchAll(TOKEN)) {
    const inside = open.at(-1);
    if (token.startsWith('<!--') || token.startsWith('<?')) continue;
    if (cdata !== undefined) {
      if (inside) inside.text += cdata;
    } else if (qualified === undefined) {
      if (token === '<') throw new SoapRefused('document type or broken tag');
      if (inside) inside.text += decode(token);
      else if (token.replace(/^\ufeff/, '').trim() !== '') throw new SoapRefused('not XML');
    } else if (slash === '/') {
      const name = localName(qualified);
      if (inside?.name !== name) throw new SoapRefused('tags do not match');
      inside.text = inside.text.trim();
      open.pop();
    } else {
      if (++elements > SOAP_LIMITS.elements) throw new SoapRefused('too many elements');
      if (!inside && root) throw new SoapRefused('more than one root');
      const element: Draft = {
        name: localName(qualified),
        attributes: attributesOf(tail),
        children: [],
        text: '',
      };
      if (inside) inside.children.push(element);
      else root = element;
      if (!tail.trimEnd().endsWith('/')) open.push(element);
      if (open.length > SOAP_LIMITS.depth) throw new SoapRefused('nested too deeply');
    }
  }
  if (!root || open.length > 0) throw new SoapRefused('not complete XML');
  return root;
}

/** Every element of that name at any depth, in document order. */
export function findAll(element: SoapElement, name: string): SoapElement[] {
  return element.children.flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...findAll(child, name),
  ]);
}

export const find = (element: SoapElement | undefined, name: string): SoapElement | undefined =>
  element && findAll(element, name)[0];

interface Draft {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Draft[];
  text: string;
}

const localName = (qualified: string): string => qualified.slice(qualified.indexOf(':') + 1);

function attributesOf(tail: string): Record<string, string> {
  const attributes: Record<string, string> = Object.create(null);
  ATTRIBUTE.lastIndex = 0;
  for (let end = 0; ; end = ATTRIBUTE.lastIndex) {
    const match = ATTRIBUTE.exec(tail);
    if (match) attributes[localName(match[1] ?? '')] = decode(match[2] ?? match[3] ?? '');
    else if (['', '/'].includes(tail.slice(end).trim())) return attributes;
    else throw new SoapRefused('broken attribute');
  }
}

function decode(text: string): string {
  return text.replace(/&([^;\s&]{1,10});|&/g, (_whole, entity: string | undefined) => {
    const known = entity === undefined ? undefined : (ENTITIES[entity] ?? numeric(entity));
    if (known === undefined) throw new SoapRefused('unknown entity');
    return known;
  });
}

function numeric(entity: string): string | undefined {
  const code = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(entity);
  const point = code ? Number.parseInt(code[1] ?? code[2] ?? '', code[1] ? 16 : 10) : Number.NaN;
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}
