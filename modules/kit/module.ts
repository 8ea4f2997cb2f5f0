/** What a module is to those who ask, print, build and run: all of it follows from its declaration. */
import type * as z from 'zod';
import type { Need } from '../../protocol/environment/need.ts';
import type { DisclosureClass } from '../../protocol/environment/protection.ts';
import type { OperationResult } from '../../protocol/result/result.ts';
import type { Cell, Column } from './column.ts';
import type { Field } from './field.ts';
import type { Flag, FlagValues } from './flag.ts';

export type Platform = 'linux' | 'darwin' | 'win32';

export interface Example {
  readonly command: string;
  /** What it does: `finds every wget.` */
  readonly says: string;
}

/** A question that every system of a kind answers at once: asked of what was built. */
export interface Trial {
  readonly given: FlagValues;
  /** Part of the answer. */
  readonly finds: string;
}

/** A number that each result tells. */
export interface Count {
  readonly help: string;
  readonly unit?: string;
}

/** One element of a result with its place and its cells. */
export interface Row {
  /** Keys below `elements`: a search's label; or a parameter and its value. */
  readonly place: readonly string[];
  /** By column. */
  readonly cells: Readonly<Record<string, Cell>>;
  /** For people; not escaped. */
  readonly line: string;
}

/** How files of the original wrote it. */
export interface Former {
  /** Modules that became this one, by their names; every list of theirs is this one. */
  readonly modules?: Readonly<Record<string, { readonly lists: string }>>;
  /** Early files have the searches in the place of the parameters. */
  readonly searchesAtTop?: true;
  /** Options that had no effect on the answer. */
  readonly droppedOptions?: readonly string[];
}

/** The lists of fields that a question has, by where they stand. */
export interface FieldTable {
  /** Of the whole question. */
  readonly question: Readonly<Record<string, Field>>;
  /** Of one search; empty where a question has no searches. */
  readonly search: Readonly<Record<string, Field>>;
  readonly options: Readonly<Record<string, Field>>;
}

export interface Module<Parameters = unknown, Element = unknown, Input = unknown> {
  /** The word in actions and on the command line: `file`. */
  readonly name: string;
  /** One sentence: the question that it answers. */
  readonly summary: string;
  readonly platforms: readonly Platform[];
  /** Of the system, whatever is asked. */
  readonly needs: readonly Need[];
  readonly fields: FieldTable;
  /** Strict: unknown fields are refused by name. Output is what `run` receives, defaults filled in. */
  readonly parameters: z.ZodType<Parameters, Input>;
  readonly element: z.ZodType<Element>;
  readonly elements: z.ZodType;
  /** Whether elements are listed by search, or by parameter and value. */
  readonly places: 'search' | 'value';
  readonly columns: readonly Omit<Column, 'value' | 'toText'>[];
  /** The columns by which findings of several hosts are the same. */
  readonly key: readonly string[];
  readonly counts: Readonly<Record<string, Count>>;
  readonly former: Former;
  readonly flags: readonly Flag[];
  readonly examples: readonly Example[];
  /** By system. */
  readonly trial?: Readonly<Record<Platform, Trial>>;
  /** @throws CodedError `usage` with a message that names the flag. */
  toParameters(given: FlagValues): Parameters;
  /** The flags that give these parameters; undefined where flags cannot say them. */
  toFlagValues(parameters: Parameters): FlagValues | undefined;
  /** @param result whose elements have the form of `elements`: whoever takes in an answer looks, once. */
  toRows(result: OperationResult): Iterable<Row>;
  /** Lines for people, without the host name in front; the caller escapes. */
  toLines(result: OperationResult): Iterable<string>;
  /** Notes on a question before it is asked of every machine. */
  advise(parameters: Parameters): readonly string[];
  /** What this question needs; a module process has no more when it begins to work. */
  needsOf(parameters: Parameters): readonly Need[];
  /** How much the answer to these parameters discloses at most. */
  disclosureClass(parameters: Parameters): DisclosureClass;
  /** What of an element an answer tells that tells names alone. */
  toNamesOnly(element: Element): Element;
  /** The same question with an answer that discloses no more than that. */
  limitDisclosure(parameters: Parameters, most: DisclosureClass): Parameters;
}
