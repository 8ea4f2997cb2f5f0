/** The interface of a module for callers, printers, builders and the host; everything follows from its declaration. */
import type * as z from 'zod';
import type { DisclosureClass } from '../../protocol/environment/disclosure.ts';
import type { Need } from '../../protocol/environment/need.ts';
import type { OperationResult } from '../../protocol/result/result.ts';
import type { Cell, Column } from './column.ts';
import type { Field } from './field.ts';
import type { Flag, FlagValues } from './flag.ts';
import type { InnerQuestion } from './inner/inner-question.ts';

export type Platform = 'linux' | 'darwin' | 'win32';

export interface Example {
  readonly command: string;
  /** What the command does: `finds every wget.` */
  readonly says: string;
}

/** A question with a known answer on each kind of system, for testing builds. */
export interface Trial {
  readonly given: FlagValues;
  /** A text that the answer must contain. */
  readonly finds: string;
}

/** A number in each result. */
export interface Count {
  readonly help: string;
  readonly unit?: string;
}

/** One element of a result, with its place and its cells. */
export interface Row {
  /** Keys below `elements`: the label of a search, or a parameter and its value. */
  readonly place: readonly string[];
  /** By column. */
  readonly cells: Readonly<Record<string, Cell>>;
  /** For people; not escaped. */
  readonly line: string;
}

export type FormerModule =
  /** All its lists go into this list. */
  | { readonly lists: string }
  /** Its parameters become one search; undefined when they are none of that module. */
  | { readonly toSearch: (parameters: unknown) => Readonly<Record<string, unknown>> | undefined };

/** The syntax of the original's files. */
export interface Former {
  /** Modules that were merged into this one, by name. */
  readonly modules?: Readonly<Record<string, FormerModule>>;
  /** Early files have searches directly as parameters. */
  readonly searchesAtTop?: true;
  /** Options that never changed the answer. */
  readonly droppedOptions?: readonly string[];
}

/** The fields of a question, by their position. */
export interface FieldTable {
  /** Fields of the whole question. */
  readonly question: Readonly<Record<string, Field>>;
  /** Fields of one search; empty when a question has no searches. */
  readonly search: Readonly<Record<string, Field>>;
  readonly options: Readonly<Record<string, Field>>;
}

/** What a finding is measured by, for those who read findings of many tools. */
export interface CheckRule {
  readonly id: string;
  readonly title: string;
  readonly severity?: 'low' | 'medium' | 'high' | 'critical' | undefined;
  readonly why?: string | undefined;
  readonly fix?: string | undefined;
  readonly references?: readonly string[] | undefined;
}

/** Of a module whose findings are outcomes of checks. */
export interface Checks<Parameters = unknown> {
  /** Column with the id of the rule. */
  readonly rule: string;
  /** Column with one of `pass`, `fail`, `unknown`, `notapplicable`. */
  readonly verdict: string;
  rules(parameters: Parameters): readonly CheckRule[];
}

export interface Module<Parameters = unknown, Element = unknown, Input = unknown> {
  /** The name in actions and on the command line: `file`. */
  readonly name: string;
  /** One sentence: the question that the module answers. */
  readonly summary: string;
  readonly platforms: readonly Platform[];
  /** Needs of the system for any question. */
  readonly needs: readonly Need[];
  readonly fields: FieldTable;
  /** Strict: unknown fields are refused by name. The output, with defaults filled in, goes to `run`. */
  readonly parameters: z.ZodType<Parameters, Input>;
  readonly element: z.ZodType<Element>;
  readonly elements: z.ZodType;
  /** Whether elements are grouped by search, or by parameter and value. */
  readonly places: 'search' | 'value';
  readonly columns: readonly Omit<Column, 'value' | 'toText'>[];
  /** Findings of several hosts are equal when these columns are. */
  readonly key: readonly string[];
  readonly counts: Readonly<Record<string, Count>>;
  readonly former: Former;
  readonly flags: readonly Flag[];
  readonly examples: readonly Example[];
  readonly checks?: Checks<Parameters>;
  /** By system. */
  readonly trial?: Readonly<Record<Platform, Trial>>;
  /** A question about nothing of this machine, which a process that waits for its request asks itself. */
  readonly rehearsal?: FlagValues;
  /** @throws CodedError `usage` with a message that names the flag. */
  toParameters(given: FlagValues): Parameters;
  /** The flags for these parameters; undefined when flags cannot express them. */
  toFlagValues(parameters: Parameters): FlagValues | undefined;
  /** @param result with validated elements: validation happens once, when the answer is taken in. */
  toRows(result: OperationResult): Iterable<Row>;
  /** Lines for people, without the host name in front; the caller escapes. */
  toLines(result: OperationResult): Iterable<string>;
  /** Notes on a question before it goes to every machine. */
  advise(parameters: Parameters): readonly string[];
  /** Reasons why nothing on any host can fit the question; empty for a sensible one. */
  contradictions(parameters: Parameters): readonly string[];
  /** Questions that it asks other modules within its operation, in a fixed order. */
  asks(parameters: Parameters): readonly InnerQuestion[];
  /** The question in words, where its parameters say too little; one line each, not escaped. */
  describe(parameters: Parameters): readonly string[] | undefined;
  /**
   * Compares a column of an element with a text, where its order depends on the element, as that of versions does.
   * Negative when the element's is smaller; undefined for other columns.
   */
  orderOf(column: string, element: Element, text: string): number | undefined;
  /** Places that a search reads: searches without a common place are carried out one after the other. Empty: all of them. */
  placesOf(search: unknown): readonly string[];
  /** The needs of this question itself; its module process gives up all other rights. */
  needsOf(parameters: Parameters): readonly Need[];
  /** The highest disclosure class of answers to these parameters. */
  disclosureClass(parameters: Parameters): DisclosureClass;
  /** The part of an element in an answer with names only. */
  toNamesOnly(element: Element): Element;
  /** The same question with its disclosure limited to that class. */
  limitDisclosure(parameters: Parameters, most: DisclosureClass): Parameters;
}
