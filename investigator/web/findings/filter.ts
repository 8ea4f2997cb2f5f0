/** The filter box: words that a finding must have, or must not, in any column or in one. */
import type { FindingTable } from './finding-table.ts';

interface Term {
  /** Undefined for any column and the host. */
  readonly column: string | undefined;
  /** In small letters. */
  readonly word: string;
  readonly isExcluded: boolean;
}

const maximumTerms = 16;

/** `web -proc "two words" file:/tmp`; quotes hold spaces together. */
export function parseFilter(text: string, columns: readonly string[]): Term[] {
  const known = new Set([...columns, 'host']);
  return [...text.matchAll(/(-?)(?:(\w+):)?(?:"([^"]*)"|(\S+))/g)].slice(0, maximumTerms).flatMap((match) => {
    const [, minus = '', name, quoted, bare = ''] = match;
    const isColumn = name !== undefined && known.has(name);
    const word = `${name === undefined || isColumn ? '' : `${name}:`}${quoted ?? bare}`.toLowerCase();
    if (word === '') return [];
    return [{ column: isColumn ? name : undefined, word, isExcluded: minus === '-' }];
  });
}

/** Each text is looked at once, however many findings have it. */
function markTexts(texts: readonly string[], word: string): Uint8Array {
  return Uint8Array.from(texts, (text) => (text.toLowerCase().includes(word) ? 1 : 0));
}

/** @returns 1 for each finding that fits all terms. */
export function markFindings(table: FindingTable, terms: readonly Term[]): Uint8Array {
  const fits = new Uint8Array(table.length).fill(1);
  for (const { column, word, isExcluded } of terms) {
    const has = new Uint8Array(table.length);
    const marked = markTexts(table.texts, word);
    for (const { name, texts } of table.columns) {
      if (column !== undefined && column !== name) continue;
      const values = texts.values;
      for (let row = 0; row < has.length; row += 1) has[row] = (has[row] ?? 0) | (marked[values[row] ?? 0] ?? 0);
    }
    if (column === undefined || column === 'host') {
      const markedHosts = markTexts(
        table.hosts.map(({ name }) => name),
        word,
      );
      const hosts = table.hostOf.values;
      for (let row = 0; row < has.length; row += 1) has[row] = (has[row] ?? 0) | (markedHosts[hosts[row] ?? 0] ?? 0);
    }
    const unwanted = isExcluded ? 1 : 0;
    for (let row = 0; row < fits.length; row += 1) if (has[row] === unwanted) fits[row] = 0;
  }
  return fits;
}
