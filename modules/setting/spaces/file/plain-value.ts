/** Values of parsed JSON, TOML, XML and property lists. */
import type { DocumentValue, SettingDocument } from './document.ts';
import type { Step } from './path-expression.ts';

/** Numbers as they are written. */
export type PlainValue = string | readonly PlainValue[] | PlainTable;
export interface PlainTable {
  readonly [name: string]: PlainValue;
}

function isList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value);
}

function toShown(value: PlainValue): string | readonly string[] {
  if (typeof value === 'string') return value;
  // Of a list of tables only their number is known.
  if (isList(value)) return value.map((item) => (typeof item === 'string' ? item : ''));
  return Object.keys(value);
}

function enter(value: PlainValue, step: Step): PlainValue | undefined {
  if (typeof value === 'string') return undefined;
  if (isList(value)) return typeof step === 'number' ? value[step] : undefined;
  const name = String(step);
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** One line of whose values is not known. */
export class PlainDocument implements SettingDocument {
  readonly entries: number;
  readonly #root: PlainValue;

  constructor(root: PlainValue) {
    this.#root = root;
    this.entries = toShown(root).length;
  }

  find(steps: readonly Step[]): DocumentValue | undefined {
    let value: PlainValue | undefined = this.#root;
    for (const step of steps) {
      value = enter(value, step);
      if (value === undefined) return undefined;
    }
    return { value: toShown(value) };
  }
}
