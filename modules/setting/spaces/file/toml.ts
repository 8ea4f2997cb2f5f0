/** TOML files. @see https://toml.io/en/v1.0.0 */
import { parse, TomlDate, TomlError, type TomlValue } from 'smol-toml';
import { unreadable } from './document.ts';
import { isTooDeep } from './nesting.ts';
import { PlainDocument, type PlainValue } from './plain-value.ts';

const mostDepth = 200;

/** A dotted name nests without brackets. */
function toPlain(value: TomlValue, depth = 0): PlainValue {
  if (depth > mostDepth) throw unreadable('too-deep', 'TOML nested less deeply');
  if (value instanceof TomlDate) return value.toISOString().replace(/\.000(?=Z|[-+]|$)/, '');
  if (Array.isArray(value)) return value.map((item) => toPlain(item, depth + 1));
  if (typeof value !== 'object') return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toPlain(inner, depth + 1)]));
}

/** @throws CodedError<UnreadableCode> */
export function parseToml(text: string): PlainDocument {
  if (isTooDeep(text, false)) throw unreadable('too-deep', 'TOML nested less deeply');
  try {
    return new PlainDocument(toPlain(parse(text, { maxDepth: mostDepth, integersAsBigInt: 'asNeeded' })));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw unreadable('read-error', 'TOML');
  }
}
