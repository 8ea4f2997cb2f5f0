/** Property lists as XML. @see plist(5) of macOS */
import { unreadable } from '../file/document.ts';
import type { PlainTable, PlainValue } from '../file/plain-value.ts';
import { parseXml, type XmlElement } from '../file/xml-tree.ts';

function toTable(children: readonly XmlElement[]): PlainTable {
  const entries: [string, PlainValue][] = [];
  for (let at = 0; at < children.length; at += 2) {
    const [key, value] = [children[at], children[at + 1]];
    if (key?.name !== 'key' || value === undefined) throw unreadable('read-error', 'a key and its value in a dict');
    entries.push([key.text, toPlain(value)]);
  }
  return Object.fromEntries(entries);
}

function toPlain({ name, children, text }: XmlElement): PlainValue {
  switch (name) {
    case 'dict':
      return toTable(children);
    case 'array':
      return children.map(toPlain);
    case 'true':
    case 'false':
      return name;
    case 'string':
      return text;
    case 'data':
      return text.replaceAll(/\s/g, '');
    case 'integer':
    case 'real':
    case 'date':
      return text.trim();
    default:
      throw unreadable('read-error', 'an element of a property list');
  }
}

/** @throws CodedError<UnreadableCode> */
export function parseXmlPlist(text: string): PlainValue {
  const root = parseXml(text);
  const [value] = root.children;
  if (root.name !== 'plist' || value === undefined) throw unreadable('read-error', 'a property list');
  return toPlain(value);
}
