/**
 * Listings whose question is lists of values, each answered for itself: which of these addresses does something have? A value
 * with `!` in front takes away from what the others of its list match.
 */
import type * as z from 'zod';
import type { Field } from '../field.ts';
import { regexes, values } from '../fields.ts';
import type { Permit } from '../gate.ts';
import { splitNegation } from '../pattern.ts';
import type { Work } from '../work.ts';
import type { CompilePattern } from './kinds.ts';
import { addressForm, compileAddresses, compilePatterns, compilePorts, type Lookup, withExclusions } from './lookup.ts';

interface Said {
  readonly flag: string;
  readonly help: string;
  readonly example: string;
}

type ValueField = Field<z.ZodOptional<z.ZodArray<z.ZodString>>>;

/** How the values of a list are written, and what they match. */
interface ValueKind<Subject> {
  readonly toField: (said: Said) => ValueField;
  /** @throws CodedError `bad-pattern` */
  readonly compile: (texts: readonly string[], compilePattern: CompilePattern) => Lookup<Subject>;
}

interface ValueList<Subject> extends Said {
  readonly kind: ValueKind<Subject>;
}

type ValueLists = Readonly<Record<string, ValueList<never>>>;

type SubjectOf<List> = List extends ValueList<infer Subject> ? Subject : never;

/** Values of a form of the module's own. */
export function valuesOf<Subject>(
  field: 'address' | 'port' | 'text',
  form: { readonly value: string; readonly isValid: (text: string) => boolean; readonly expected: string },
  compile: ValueKind<Subject>['compile'],
): ValueKind<Subject> {
  const isValid = (text: string): boolean => form.isValid(splitNegation(text).pattern);
  return {
    toField: (said) => values(field, { ...said, ...form, isValid, mostCharacters: 128, discloses: 'metadata' }),
    compile,
  };
}

function patternsOf(flags: string): ValueKind<string> {
  return {
    toField: (said) => regexes({ ...said, most: 256, negates: true, discloses: 'metadata' }),
    compile: (texts, compilePattern) => compilePatterns(texts, (pattern) => compilePattern(`${flags}${pattern}`)),
  };
}

export const patterns = patternsOf('');
/** Which fit either case. */
export const caselessPatterns = patternsOf('(?i)');

export const addresses = valuesOf('address', addressForm, compileAddresses);

export const ports = valuesOf(
  'port',
  {
    value: 'port',
    isValid: (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535,
    expected: 'a port from 0 to 65535',
  },
  compilePorts,
);

export function toNames<Lists extends ValueLists>(lists: Lists): readonly (keyof Lists & string)[] {
  return Object.keys(lists);
}

/** The fields of a question, by list. */
export function toFields<Lists extends ValueLists>(lists: Lists): { readonly [Name in keyof Lists]: ValueField } {
  const fields = Object.entries(lists).map(([name, { kind, ...said }]) => [name, kind.toField(said)]);
  return Object.fromEntries(fields) as { readonly [Name in keyof Lists]: ValueField };
}

/** The values that were asked for, by list. */
export type Asked<Lists extends ValueLists> = { readonly [Name in keyof Lists]?: readonly string[] | undefined };

/** Something of the host. */
export interface ValueRow<Lists extends ValueLists, Element> {
  /** What each list compares; a list that is not there does not match. */
  readonly subjects: { readonly [Name in keyof Lists]?: SubjectOf<Lists[Name]> | undefined };
  /** Made for each value that matches. */
  readonly toElement: () => Element;
}

type Lookups<Lists extends ValueLists> = { readonly [Name in keyof Lists]: Lookup<SubjectOf<Lists[Name]>> };

function toLookups<Lists extends ValueLists>(
  lists: Lists,
  asked: Asked<Lists>,
  compilePattern: CompilePattern,
): Lookups<Lists> {
  const lookups = Object.entries(lists).map(([name, { kind }]) => [
    name,
    withExclusions(asked[name] ?? [], (texts) => kind.compile(texts, compilePattern)),
  ]);
  return Object.fromEntries(lookups) as Lookups<Lists>;
}

/** Compares rows with the values, and tells of those that match. */
export class ValueMatcher<Lists extends ValueLists, Element extends object, Row extends ValueRow<Lists, Element>> {
  readonly #names: readonly (keyof Lists & string)[];
  readonly #lookups: Lookups<Lists>;
  readonly #findings: Work<Element>['findings'];
  readonly #hits: { readonly row: Row; readonly element: Element }[] = [];

  /** @throws CodedError `bad-pattern` */
  constructor(
    lists: Lists,
    asked: Asked<Lists>,
    compilePattern: CompilePattern,
    { findings }: Pick<Work<Element>, 'findings'>,
  ) {
    this.#names = toNames(lists).filter((name) => (asked[name] ?? []).length > 0);
    this.#lookups = toLookups(lists, asked, compilePattern);
    this.#findings = findings;
  }

  /** What matched and was told, once for each value. */
  get hits(): readonly { readonly row: Row; readonly element: Element }[] {
    return this.#hits;
  }

  /** False when there is no room for more. */
  take(row: Row, permit: Permit): boolean {
    for (const name of this.#names)
      for (const value of this.#find(name, row)) {
        const element = row.toElement();
        if (!this.#findings.hit(permit, element, name, value)) return false;
        this.#hits.push({ row, element });
      }
    return true;
  }

  #find<Name extends keyof Lists>(name: Name, { subjects }: Row): readonly string[] {
    const subject: SubjectOf<Lists[Name]> | undefined = subjects[name];
    return subject === undefined ? [] : this.#lookups[name](subject);
  }
}
