/**
 * A list of any length: the rows that are seen, and windows of them from the process. A browser's elements have a greatest
 * height, above which the place of the scroll bar is scaled.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { toWidths } from './column-widths.ts';

export interface ListHead {
  readonly name: string;
  readonly help: string;
  readonly isNumber: boolean;
}

export interface ListRow {
  readonly cells: readonly string[];
}

interface ListWindow<Row extends ListRow> {
  readonly total: number;
  readonly from: number;
  readonly rows: readonly Row[];
}

export interface ListProps<Row extends ListRow> {
  readonly label: string;
  readonly heads: readonly ListHead[];
  readonly total: number;
  /** Changes when rows that were loaded are no longer those of the list. */
  readonly version: string;
  readonly load: (from: number, count: number, signal: AbortSignal) => Promise<ListWindow<Row>>;
  readonly onOpen?: (row: Row) => void;
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
}

const rowPixels = 28;
/** Below what Firefox (17.9 million) and Chromium (33.5 million) allow. */
const maximumPixels = 8_000_000;
const windowRows = 100;
/** Windows that are kept: what scrolls back is there. */
const maximumWindows = 12;
const spareRows = 4;

export function VirtualList<Row extends ListRow>(props: ListProps<Row>) {
  const { label, heads, total, version, load, onOpen, sort = '', onSort } = props;
  const view = useRef<HTMLDivElement>(null);
  const windows = useRef(new Map<number, readonly Row[]>());
  const loading = useRef(new Map<number, AbortController>());
  const [, redraw] = useState(0);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const [current, setCurrent] = useState(0);
  const lastVersion = useRef(version);
  if (lastVersion.current !== version) {
    lastVersion.current = version;
    for (const controller of loading.current.values()) controller.abort();
    loading.current.clear();
    windows.current.clear();
  }
  const spacer = Math.min(maximumPixels, total * rowPixels);
  const room = Math.max(1, spacer - height);
  /** How far rows move for each pixel of the scroll bar. */
  const scale = Math.max(1, (total * rowPixels - height) / room);
  const firstPixel = top * scale;
  const first = Math.max(0, Math.floor(firstPixel / rowPixels) - spareRows);
  const last = Math.min(total, Math.ceil((firstPixel + height) / rowPixels) + spareRows);

  useLayoutEffect(() => {
    const element = view.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    for (let place = Math.floor(first / windowRows); place * windowRows < last; place += 1) {
      if (windows.current.has(place) || loading.current.has(place)) continue;
      const controller = new AbortController();
      loading.current.set(place, controller);
      load(place * windowRows, windowRows, controller.signal).then(
        ({ rows }) => {
          if (controller.signal.aborted) return;
          loading.current.delete(place);
          windows.current.set(place, rows);
          for (const oldest of windows.current.keys()) {
            if (windows.current.size <= maximumWindows) break;
            windows.current.delete(oldest);
          }
          redraw((count) => count + 1);
        },
        () => loading.current.delete(place),
      );
    }
  });

  const rowAt = (index: number): Row | undefined =>
    windows.current.get(Math.floor(index / windowRows))?.[index % windowRows];

  const select = (wanted: number): void => {
    const index = Math.max(0, Math.min(total - 1, wanted));
    setCurrent(index);
    const element = view.current;
    if (element === null) return;
    const [from, to] = [index * rowPixels, (index + 1) * rowPixels];
    if (from < firstPixel) element.scrollTop = from / scale;
    else if (to > firstPixel + height) element.scrollTop = Math.ceil((to - height) / scale);
  };

  const screen = Math.max(1, Math.floor(height / rowPixels) - 1);
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Readonly<Record<string, number>> = {
      j: current + 1,
      ArrowDown: current + 1,
      k: current - 1,
      ArrowUp: current - 1,
      PageDown: current + screen,
      PageUp: current - screen,
      Home: 0,
      End: total - 1,
    };
    const row = rowAt(current);
    if (event.key === 'Enter' && row !== undefined) onOpen?.(row);
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    select(move);
  };

  const shown = Array.from({ length: Math.max(0, last - first) }, (_, place) => first + place);
  const widths = toWidths(
    heads,
    shown.flatMap((index) => rowAt(index) ?? []),
    version,
  );
  const template = { gridTemplateColumns: widths };
  return (
    <div
      class="list"
      role="grid"
      aria-label={label}
      aria-rowcount={total + 1}
      aria-colcount={heads.length}
      ref={view}
      tabIndex={0}
      aria-activedescendant={total === 0 ? undefined : `row-${current}`}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onKeyDown={press}
    >
      <div role="rowgroup">
        <div class="row heads" role="row" aria-rowindex={1} style={template}>
          {heads.map(({ name, help, isNumber }, column) => (
            <div
              key={name}
              role="columnheader"
              aria-colindex={column + 1}
              aria-sort={sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : 'none'}
              class={isNumber ? 'number' : ''}
            >
              {onSort === undefined ? (
                <span title={help}>{name}</span>
              ) : (
                <button
                  class="head"
                  type="button"
                  title={help}
                  onClick={() => onSort(sort === name ? `-${name}` : name)}
                >
                  {name}
                  <span aria-hidden="true">{sort === name ? ' ▲' : sort === `-${name}` ? ' ▼' : ''}</span>
                </button>
              )}
            </div>
          ))}
        </div>
      </div>
      <div class="spacer" role="rowgroup" style={{ height: `${spacer}px` }}>
        {shown.map((index) => {
          const row = rowAt(index);
          const place = top + (index * rowPixels - firstPixel);
          return (
            <div
              key={index}
              id={`row-${index}`}
              class={`row${index === current ? ' current' : ''}${onOpen === undefined ? '' : ' opens'}`}
              role="row"
              tabIndex={-1}
              aria-rowindex={index + 2}
              aria-selected={index === current}
              style={{ ...template, transform: `translateY(${place}px)` }}
              onClick={() => {
                setCurrent(index);
                if (row !== undefined) onOpen?.(row);
              }}
            >
              {heads.map(({ name, isNumber }, column) => (
                <div key={name} role="gridcell" aria-colindex={column + 1} class={isNumber ? 'number' : ''}>
                  <span title={row?.cells[column]}>{row === undefined ? '…' : row.cells[column]}</span>
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
