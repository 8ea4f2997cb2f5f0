/** A column of a module's elements, for lists, tables and spreadsheets. */

export type ColumnKind = 'choice' | 'digest' | 'list' | 'number' | 'path' | 'text' | 'time';

export type Cell = string | number | readonly string[] | null | undefined;

export interface Column<Element = never> {
  readonly name: string;
  readonly kind: ColumnKind;
  /** One sentence. */
  readonly help: string;
  /** Of a number: `bytes`. */
  readonly unit?: string;
  /** Whether an answer with names only has it. */
  readonly discloses: 'names' | 'metadata';
  /** Its place in the printed line: bare at the front, as `title:value` in the brackets, or nowhere. */
  readonly line: 'head' | 'detail' | 'none';
  /** Its label in the line, if not the name. */
  readonly title?: string;
  /** Null or undefined when the element lacks it. */
  readonly value: (element: Element) => Cell;
  /** Its text in the line, if not the value itself. */
  readonly toText?: (element: Element) => string;
}

function isCellEmpty(cell: Cell): cell is null | undefined | '' {
  return cell === null || cell === undefined || cell === '' || (Array.isArray(cell) && cell.length === 0);
}

/** Empty without a value. */
export function toCellText(cell: Cell): string {
  if (isCellEmpty(cell)) return '';
  return typeof cell === 'object' ? cell.join(' ') : String(cell);
}

/** The line of an element, `4711 xmrig [ppid:1, user:www-data]`; `head` replaces the columns at the front. */
export function lineOf<Element>(columns: readonly Column<Element>[]): (element: Element, head?: string) => string {
  const heads = columns.filter(({ line }) => line === 'head');
  const details = columns.filter(({ line }) => line === 'detail');
  const textOf = (column: Column<Element>, element: Element): string =>
    column.toText?.(element) ?? toCellText(column.value(element));
  const headOf = (element: Element): string =>
    heads
      .map((column) => textOf(column, element))
      .filter((text) => text !== '')
      .join(' ');
  return (element, head = headOf(element)) => {
    let behind = '';
    for (const column of details) {
      const text = textOf(column, element);
      if (text !== '') behind += `${behind === '' ? '' : ', '}${column.title ?? column.name}:${text}`;
    }
    return [head, behind === '' ? '' : `[${behind}]`].filter((part) => part !== '').join(' ');
  };
}
