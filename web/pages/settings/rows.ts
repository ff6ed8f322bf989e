/** One line of a section, with its key as cameras.yml writes it: `keys.mirror`. */
export interface Row {
  readonly key: string;
  readonly value: string | number | boolean;
}

/** A section as lines. Lists of texts are one line; lists of things are one after the other. */
export function rowsOf(value: unknown, key = ''): Row[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return [{ key, value }];
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one === 'string')) return [{ key, value: value.join(', ') }];
    return value.flatMap((one, at) => rowsOf(one, `${key}[${at}]`));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    rowsOf(inner, key === '' ? name : `${key}.${name}`),
  );
}
