/** A column of what a module finds: the part of an element that lists, tables and spreadsheets show by itself. */

export type ColumnKind = 'choice' | 'digest' | 'list' | 'number' | 'path' | 'text' | 'time';

export type Cell = string | number | readonly string[] | null | undefined;

export interface Column<Element = never> {
  readonly name: string;
  readonly kind: ColumnKind;
  /** One sentence. */
  readonly help: string;
  /** Of a number: `bytes`. */
  readonly unit?: string;
  /** Whether an answer that tells names alone has it. */
  readonly discloses: 'names' | 'metadata';
  /** Where the line for people has it: bare in front, as `title:value` in the brackets behind, or not at all. */
  readonly line: 'head' | 'detail' | 'none';
  /** In the line, where it is not the name. */
  readonly title?: string;
  /** Null or undefined where the element does not have it. */
  readonly value: (element: Element) => Cell;
  /** In the line for people, where it is not the value itself. */
  readonly toText?: (element: Element) => string;
}

function isCellEmpty(cell: Cell): cell is null | undefined | '' {
  return cell === null || cell === undefined || cell === '' || (Array.isArray(cell) && cell.length === 0);
}

/** Empty where there is no value. */
export function toCellText(cell: Cell): string {
  if (isCellEmpty(cell)) return '';
  return typeof cell === 'object' ? cell.join(' ') : String(cell);
}

/** Of an element, `4711 xmrig [ppid:1, user:www-data]`; `head` stands in place of the columns that are in front. */
export function lineOf<Element>(columns: readonly Column<Element>[]): (element: Element, head?: string) => string {
  const heads = columns.filter(({ line }) => line === 'head');
  const details = columns.filter(({ line }) => line === 'detail');
  const textOf = (column: Column<Element>, element: Element): string =>
    column.toText?.(element) ?? toCellText(column.value(element));
  return (element, head = heads.map((column) => textOf(column, element)).join(' ')) => {
    let behind = '';
    for (const column of details) {
      const text = textOf(column, element);
      if (text !== '') behind += `${behind === '' ? '' : ', '}${column.title ?? column.name}:${text}`;
    }
    return behind === '' ? head : `${head} [${behind}]`;
  };
}
