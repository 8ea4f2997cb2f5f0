/** A bounded reader of XML: elements, attributes and text. Entities that a document declares are not expanded. */
import { unreadable } from './document.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Of the element itself, its children left out. */
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  readonly texts: string[];
}

const mostDepth = 200;
const mostElements = 200_000;

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function toCharacter(code: number): string {
  if (!(code > 0 && code <= 0x10ffff)) throw unreadable('read-error', 'a character of Unicode in XML');
  return String.fromCodePoint(code);
}

function unescapeText(text: string): string {
  return text.replaceAll(/&(?:#x([\da-fA-F]{1,6})|#(\d{1,7})|(\w{1,32}));/g, (whole, hex, decimal, name) => {
    if (typeof hex === 'string') return toCharacter(Number.parseInt(hex, 16));
    if (typeof decimal === 'string') return toCharacter(Number(decimal));
    return entities[String(name)] ?? whole;
  });
}

const attribute = /\s*([^\s=/>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;

class Parser {
  readonly #text: string;
  readonly #open: OpenElement[] = [{ name: '', attributes: new Map(), children: [], texts: [] }];
  #at = 0;
  #elements = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): XmlElement {
    while (this.#at < this.#text.length) this.#step();
    const [root] = this.#open[0]?.children ?? [];
    if (this.#open.length !== 1 || root === undefined) throw unreadable('read-error', 'XML with all elements closed');
    return root;
  }

  #step(): void {
    const text = this.#text;
    if (text[this.#at] !== '<') this.#addText(unescapeText(this.#until('<', false)));
    else if (text.startsWith('<!--', this.#at)) this.#until('-->', true);
    else if (text.startsWith('<![CDATA[', this.#at)) {
      this.#at += 9;
      this.#addText(this.#until(']]>', true));
    } else if (text.startsWith('<?', this.#at)) this.#until('?>', true);
    else if (text.startsWith('<!', this.#at)) {
      if (this.#until('>', true).includes('[')) throw unreadable('read-error', 'XML without declared entities');
    } else if (text.startsWith('</', this.#at)) {
      this.#at += 2;
      this.#close(this.#until('>', true).trim());
    } else this.#begin();
  }

  /** What stands ahead of the mark, which a required one must follow. */
  #until(mark: string, isRequired: boolean): string {
    const found = this.#text.indexOf(mark, this.#at);
    if (found === -1 && isRequired) throw unreadable('read-error', `XML with ${mark}`);
    const end = found === -1 ? this.#text.length : found;
    const taken = this.#text.slice(this.#at, end);
    this.#at = isRequired ? end + mark.length : end;
    return taken;
  }

  #addText(text: string): void {
    this.#open.at(-1)?.texts.push(text);
  }

  #begin(): void {
    const name = /[^\s/>"'=<]+/y;
    name.lastIndex = this.#at + 1;
    const [tag = ''] = name.exec(this.#text) ?? [];
    this.#elements += 1;
    if (tag === '') throw unreadable('read-error', 'the name of an XML element');
    if (this.#open.length > mostDepth) throw unreadable('too-deep', 'XML nested less deeply');
    if (this.#elements > mostElements) throw unreadable('size-limit', 'fewer elements in XML');
    this.#at = name.lastIndex;
    this.#open.push({ name: tag, attributes: this.#attributes(), children: [], texts: [] });
    const [end] = /^\s*\/?>/.exec(this.#text.slice(this.#at, this.#at + 64)) ?? [];
    if (end === undefined) throw unreadable('read-error', `> behind the XML element ${tag}`);
    this.#at += end.length;
    if (end.includes('/')) this.#close(tag);
  }

  #attributes(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (;;) {
      attribute.lastIndex = this.#at;
      const [whole, name = '', double, single] = attribute.exec(this.#text) ?? [];
      if (whole === undefined) return found;
      found.set(name, unescapeText(double ?? single ?? ''));
      this.#at += whole.length;
    }
  }

  #close(name: string): void {
    const element = this.#open.pop();
    const parent = this.#open.at(-1);
    if (element === undefined || parent === undefined || element.name !== name)
      throw unreadable('read-error', `the end of the XML element ${element?.name}`);
    const { attributes, children, texts } = element;
    parent.children.push({ name, attributes, children, text: texts.join('') });
  }
}

/** The outermost element. @throws CodedError<UnreadableCode> */
export function parseXml(text: string): XmlElement {
  return new Parser(text).parse();
}
