/**
 * Questions of value lists with an answer for each value: which of these addresses does something have? A value with a
 * leading `!` excludes from the matches of the others in its list.
 */
import type * as z from 'zod';
import { oneText } from '../contradictions.ts';
import type { Field } from '../field.ts';
import { regexes, values } from '../fields.ts';
import type { Permit } from '../gate.ts';
import { splitNegation } from '../pattern.ts';
import { canMatch } from '../pattern-reach/reach.ts';
import type { Work } from '../work.ts';
import { isWithin } from './address.ts';
import type { CompilePattern } from './kinds.ts';
import { addressForm, compileAddresses, compilePatterns, compilePorts, type Lookup, withExclusions } from './lookup.ts';

interface Said {
  readonly flag: string;
  readonly help: string;
  readonly example: string;
}

type ValueField = Field<z.ZodOptional<z.ZodArray<z.ZodString>>>;

/** The syntax of a list's values, and their test. */
interface ValueKind<Subject> {
  readonly toField: (said: Said) => ValueField;
  /** @throws CodedError `bad-pattern` */
  readonly compile: (texts: readonly string[], compilePattern: CompilePattern) => Lookup<Subject>;
  /** Whether nothing can match the one value and none of the others. */
  readonly leavesNothing?: (wanted: string, unwanted: readonly string[]) => boolean;
}

interface ValueList<Subject> extends Said {
  readonly kind: ValueKind<Subject>;
}

type ValueLists = Readonly<Record<string, ValueList<never>>>;

type SubjectOf<List> = List extends ValueList<infer Subject> ? Subject : never;

/** Values in a form of the module's own. */
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
    leavesNothing: (wanted, unwanted) =>
      !canMatch({ wanted: [flags + wanted], unwanted: unwanted.map((pattern) => flags + pattern) }, oneText),
  };
}

export const patterns = patternsOf('');
/** Matches either case. */
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

/** Lists all of whose values are taken away by those with a `!`. */
export function findExcluded<Lists extends ValueLists>(lists: Lists, asked: RequestedValues<Lists>): string[] {
  return toNames(lists).flatMap((name) => {
    const values = asked[name] ?? [];
    const split = values.map(splitNegation);
    const wanted = split.filter(({ negated }) => !negated);
    const unwanted = split.filter(({ negated }) => negated).map(({ pattern }) => pattern);
    const { leavesNothing = () => false } = lists[name]?.kind ?? {};
    const isExcluded = ({ pattern }: { readonly pattern: string }): boolean =>
      unwanted.some((other) => other === pattern || isWithin(pattern, other)) || leavesNothing(pattern, unwanted);
    if (wanted.length === 0 || !wanted.every(isExcluded)) return [];
    if (wanted.every(({ pattern }) => leavesNothing(pattern, [])))
      return [`${name}: ${wanted.map(({ pattern }) => JSON.stringify(pattern)).join(', ')} can never match`];
    return [
      `${name}: ${unwanted.map((value) => `!${value}`).join(' and ')} leave nothing of ${wanted.map(({ pattern }) => pattern).join(', ')}`,
    ];
  });
}

/** The requested values, by list. */
export type RequestedValues<Lists extends ValueLists> = {
  readonly [Name in keyof Lists]?: readonly string[] | undefined;
};

/** A thing of the host. */
export interface ValueRow<Lists extends ValueLists, Element> {
  /** The value that each list compares; a missing list does not match. */
  readonly subjects: { readonly [Name in keyof Lists]?: SubjectOf<Lists[Name]> | undefined };
  /** Called for each matching value. */
  readonly toElement: () => Element;
}

type Lookups<Lists extends ValueLists> = { readonly [Name in keyof Lists]: Lookup<SubjectOf<Lists[Name]>> };

function toLookups<Lists extends ValueLists>(
  lists: Lists,
  asked: RequestedValues<Lists>,
  compilePattern: CompilePattern,
): Lookups<Lists> {
  const lookups = Object.entries(lists).map(([name, { kind }]) => [
    name,
    withExclusions(asked[name] ?? [], (texts) => kind.compile(texts, compilePattern)),
  ]);
  return Object.fromEntries(lookups) as Lookups<Lists>;
}

/** Compares rows with the values and reports the matching ones. */
export class ValueMatcher<Lists extends ValueLists, Element extends object, Row extends ValueRow<Lists, Element>> {
  readonly #names: readonly (keyof Lists & string)[];
  readonly #lookups: Lookups<Lists>;
  readonly #findings: Work<Element>['findings'];
  readonly #hits: { readonly row: Row; readonly element: Element }[] = [];

  /** @throws CodedError `bad-pattern` */
  constructor(
    lists: Lists,
    asked: RequestedValues<Lists>,
    compilePattern: CompilePattern,
    { findings }: Pick<Work<Element>, 'findings'>,
  ) {
    this.#names = toNames(lists).filter((name) => (asked[name] ?? []).length > 0);
    this.#lookups = toLookups(lists, asked, compilePattern);
    this.#findings = findings;
  }

  /** The reported matches, one for each value. */
  get hits(): readonly { readonly row: Row; readonly element: Element }[] {
    return this.#hits;
  }

  /** False when the result is full. */
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
