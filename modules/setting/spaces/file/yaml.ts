/** YAML files, read as a tree: what an alias stands for is never copied. @see https://yaml.org/spec/1.2.2/ */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  Scalar,
  type YAMLMap,
} from 'yaml';
import { type DocumentValue, type SettingDocument, unreadable } from './document.ts';
import { isTooDeep } from './nesting.ts';
import type { Step } from './path-expression.ts';

/** Names that lead to others on the way to one value. */
const mostAliases = 20;
/** Of a line that nests by indentation or by `- - -`. */
const deepLine = /^(?:[ \t]|[-?:][ \t]){200}/m;

function toText({ type, source, value }: Scalar): string {
  return type === 'PLAIN' && source !== undefined ? source : String(value ?? '');
}

class YamlDocument implements SettingDocument {
  readonly entries: number;
  readonly #documents: readonly Document.Parsed[];
  readonly #lines: LineCounter;

  constructor(documents: readonly Document.Parsed[], lines: LineCounter) {
    this.#documents = documents;
    this.#lines = lines;
    this.entries = documents.length;
  }

  /** In the first of several documents that has it. */
  find(steps: readonly Step[]): DocumentValue | undefined {
    for (const document of this.#documents) {
      const found = new Walk(document).find(steps);
      if (found === undefined) continue;
      const [offset] = found.range ?? [];
      const line = offset === undefined ? {} : { line: this.#lines.linePos(offset).line };
      return { value: new Walk(document).show(found), ...line };
    }
    return undefined;
  }
}

/** One way through a document. */
class Walk {
  readonly #document: Document.Parsed;
  #aliases = 0;

  constructor(document: Document.Parsed) {
    this.#document = document;
  }

  find(steps: readonly Step[]): Node | undefined {
    let node = this.#resolve(this.#document.contents);
    for (const step of steps) {
      if (node === undefined) return undefined;
      node = isSeq(node) ? this.#item(node.items, step) : isMap(node) ? this.#entry(node, String(step)) : undefined;
    }
    return node;
  }

  show(node: Node): string | readonly string[] {
    if (isScalar(node)) return toText(node);
    if (isMap(node)) return node.items.map(({ key }) => (isScalar(key) ? toText(key) : ''));
    if (isSeq(node)) return node.items.map((item) => (isScalar(item) ? toText(item) : ''));
    return '';
  }

  #resolve(node: unknown): Node | undefined {
    let current = node;
    while (isAlias(current)) {
      this.#aliases += 1;
      if (this.#aliases > mostAliases) throw unreadable('too-deep', 'fewer aliases in YAML');
      current = current.resolve(this.#document);
      if (current === undefined) throw unreadable('read-error', 'an alias of YAML behind its anchor');
    }
    return isScalar(current) || isMap(current) || isSeq(current) ? current : undefined;
  }

  #item(items: readonly unknown[], step: Step): Node | undefined {
    return typeof step === 'number' ? this.#resolve(items[step]) : undefined;
  }

  /** Its own entry, or one of a map that it merges. Readers differ about a name that comes twice. */
  #entry({ items }: YAMLMap, name: string): Node | undefined {
    const own = items.filter(({ key }) => isScalar(key) && toText(key) === name);
    if (own.length > 1) throw unreadable('undecided', `${JSON.stringify(name)} once in a YAML map`);
    const [pair] = own;
    if (pair !== undefined) return this.#resolve(pair.value) ?? new Scalar('');
    for (const { key, value } of items) {
      if (!isScalar(key) || toText(key) !== '<<') continue;
      const merged = this.#resolve(value);
      for (const one of isSeq(merged) ? merged.items : [merged]) {
        const map = this.#resolve(one);
        const found = isMap(map) ? this.#entry(map, name) : undefined;
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }
}

/** @throws CodedError<UnreadableCode> */
export function parseYaml(text: string): SettingDocument {
  if (isTooDeep(text, false) || deepLine.test(text)) throw unreadable('too-deep', 'YAML nested less deeply');
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    logLevel: 'silent',
    prettyErrors: false,
    // Judging all names would take time that grows with the square of their number.
    uniqueKeys: false,
    keepSourceTokens: false,
  });
  const all = Array.isArray(documents) ? documents : [];
  if (all.some(({ errors }) => errors.length > 0)) throw unreadable('read-error', 'YAML');
  return new YamlDocument(all, lines);
}
