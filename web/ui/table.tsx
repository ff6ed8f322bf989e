import type { ComponentChildren } from 'preact';
import styles from './surfaces.module.css';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Figures stand under each other. */
  readonly number?: boolean;
  /** The title is only spoken: of buttons that say themselves what they do. */
  readonly untitled?: boolean;
}

interface TableProps<Row> {
  /** What it is of; spoken, and shown above it when `captioned`. */
  readonly caption: string;
  readonly captioned?: boolean;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
}

export function Table<Row>({ caption, captioned = false, columns, rows, keyOf }: TableProps<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by the keyboard
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what one fills in
    <div class={styles.scroll} role="group" tabIndex={0} aria-label={caption}>
      <table class={styles.table}>
        <caption class={captioned ? undefined : 'only-spoken'}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, number, untitled }) => (
              <th key={title} scope="col" class={number ? styles.number : undefined}>
                {untitled ? <span class="only-spoken">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, cell, number }) => (
                <td key={title} class={number ? styles.number : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
