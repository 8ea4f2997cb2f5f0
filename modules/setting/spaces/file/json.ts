/** JSON files. Numbers keep their digits. */
import { unreadable } from './document.ts';
import { isTooDeep } from './nesting.ts';
import { PlainDocument, type PlainTable, type PlainValue } from './plain-value.ts';

/** @throws CodedError<UnreadableCode> */
export function parseJson(text: string): PlainDocument {
  if (isTooDeep(text, true)) throw unreadable('too-deep', 'JSON nested less deeply');
  const bare = text.startsWith('\u{feff}') ? text.slice(1) : text;
  try {
    return new PlainDocument(JSON.parse(bare, keepDigits) as PlainValue);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unreadable('read-error', 'JSON');
  }
}

/** The third argument of a reviver, which TypeScript does not declare yet. */
function keepDigits(_: string, value: unknown, context?: { readonly source?: string }): PlainValue {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return context?.source ?? String(value);
  return typeof value === 'object' && value !== null ? (value as readonly PlainValue[] | PlainTable) : String(value);
}
