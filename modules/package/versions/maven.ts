/** The order of Maven: `1.0-rc-1`, `2.0.0.Final`, as its version 3.9. @see https://maven.apache.org/pom.html#version-order-specification */
import { compareNumbers, compareTexts, type Order } from '../../kit/versions/order.ts';

type Item =
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'word'; readonly word: string }
  /** What stands behind a hyphen, or behind a change between digits and letters. */
  | { readonly kind: 'list'; readonly items: Item[] };

/** In their order; all other words are behind them. */
const words = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const sameWords: Readonly<Record<string, string>> = { cr: 'rc', ga: '', final: '', release: '' };
/** Only before a digit. */
const letters: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', m: 'milestone' };

function isEmpty(item: Item): boolean {
  if (item.kind === 'number') return /^0*$/.test(item.digits);
  return item.kind === 'word' ? item.word === '' : item.items.length === 0;
}

/** Zeros and words of a release mean nothing at the end of a list, and before lists at its end. */
function trim(items: Item[]): void {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    if (item === undefined) continue;
    if (isEmpty(item)) items.splice(index, 1);
    else if (item.kind !== 'list') return;
  }
}

class Parser {
  readonly #lists: Item[][] = [[]];
  readonly #text: string;
  #start = 0;
  #isDigit = false;

  constructor(text: string) {
    this.#text = text.toLowerCase();
  }

  get #list(): Item[] {
    return this.#lists.at(-1) ?? [];
  }

  parse(): Item[] {
    for (let at = 0; at < this.#text.length; at += 1) this.#take(this.#text.charAt(at), at);
    if (this.#start < this.#text.length) {
      this.#nestWord();
      this.#add(this.#text.length);
    }
    for (const list of [...this.#lists].reverse()) trim(list);
    return this.#lists[0] ?? [];
  }

  #take(character: string, at: number): void {
    if (character === '.' || character === '-') {
      this.#add(at);
      this.#start = at + 1;
      if (character === '-') this.#nest();
      return;
    }
    const isDigit = /\d/.test(character);
    if (isDigit !== this.#isDigit && at > this.#start) {
      this.#nestWord();
      this.#add(at, isDigit);
      this.#start = at;
      this.#nest();
    }
    this.#isDigit = isDigit;
  }

  /** A word behind a dot is as one behind a hyphen: `1.0.rc1` is before `1.0-rc2`. */
  #nestWord(): void {
    if (!this.#isDigit && this.#list.length > 0) this.#nest();
  }

  #nest(): void {
    const items: Item[] = [];
    this.#list.push({ kind: 'list', items });
    this.#lists.push(items);
  }

  #add(end: number, isBeforeDigit = false): void {
    const text = this.#text.slice(this.#start, end);
    if (text === '' || this.#isDigit) this.#list.push({ kind: 'number', digits: text });
    else {
      const word = (isBeforeDigit ? letters[text] : undefined) ?? text;
      this.#list.push({ kind: 'word', word: sameWords[word] ?? word });
    }
  }
}

function compareWords(left: string, right: string): number {
  const rankOf = (word: string): number => (words.includes(word) ? words.indexOf(word) : words.length);
  return rankOf(left) - rankOf(right) || compareTexts(left, right);
}

/** Beside a version that has ended. */
function compareToNothing(item: Item): number {
  if (item.kind === 'number') return isEmpty(item) ? 0 : 1;
  if (item.kind === 'word') return compareWords(item.word, '');
  return item.items.map(compareToNothing).find((order) => order !== 0) ?? 0;
}

function compareLists(left: readonly Item[], right: readonly Item[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = compareItems(left[index], right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

const ranks: Readonly<Record<Item['kind'], number>> = { word: 0, list: 1, number: 2 };

function compareItems(left: Item | undefined, right: Item | undefined): number {
  if (left === undefined) return right === undefined ? 0 : -compareToNothing(right);
  if (right === undefined) return compareToNothing(left);
  if (left.kind === 'number' && right.kind === 'number') return compareNumbers(left.digits, right.digits);
  if (left.kind === 'word' && right.kind === 'word') return compareWords(left.word, right.word);
  if (left.kind === 'list' && right.kind === 'list') return compareLists(left.items, right.items);
  return ranks[left.kind] - ranks[right.kind];
}

export const compareMaven: Order = (left, right) => compareLists(new Parser(left).parse(), new Parser(right).parse());
