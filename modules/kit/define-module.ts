/** Builds a module from its declaration: schema, flags, printing and disclosure. */
import * as z from 'zod';
import { type DisclosureClass, disclosureClasses, lesserDisclosure } from '../../protocol/environment/disclosure.ts';
import type { Need } from '../../protocol/environment/need.ts';
import type { OperationResult } from '../../protocol/result/result.ts';
import { type Cell, type Column, lineOf } from './column.ts';
import { type Fields, toShape } from './field.ts';
import { choice } from './fields.ts';
import type { FlagValues } from './flag.ts';
import type { InnerQuestion } from './inner/inner-question.ts';
import type { CheckRule, Checks, Count, Example, Former, Module, Platform, Row, Trial } from './module.ts';
import {
  type Check,
  checked,
  flagSearch,
  flagsOf,
  oneOf,
  type QuestionForm,
  type SearchOf,
  searchesSchema,
  toFlagValues,
  toParameters,
} from './question-form.ts';
import { strictShape } from './strict-shape.ts';

/** The part of every declaration that does not depend on the kind of question. */
interface Common<Element> {
  readonly name: string;
  /** Excluded from shipped agents. */
  readonly isForTests?: true;
  readonly summary: string;
  readonly platforms: readonly Platform[];
  /** Needs of the system for any question. */
  readonly needs: readonly Need[];
  /** An element of the result; no other data leaves the host. */
  readonly element: z.ZodType<Element>;
  readonly columns: readonly Column<Element>[];
  /** Findings of several hosts are equal when these columns are. */
  readonly key: readonly string[];
  readonly counts: Readonly<Record<string, Count>>;
  readonly examples: readonly Example[];
  readonly trial?: Readonly<Record<Platform, Trial>>;
  /** A question about nothing of this machine. */
  readonly rehearsal?: FlagValues;
  readonly former?: Former;
  /** Orders of columns whose order depends on the element; undefined where an element has none. */
  readonly orders?: Readonly<Record<string, (element: Element, text: string) => number | undefined>>;
  /** The beginning of the printed line, when columns alone read badly. */
  readonly toHead?: (element: Element, place: readonly string[]) => string;
  /** The end of the line: why the element is listed. */
  readonly toReason?: (element: Element) => string;
  /** The line for hits without elements, from counts of the module; undefined where it has none. */
  readonly toCountLine?: (statistics: OperationResult['statistics']) => string | undefined;
}

/** Questions of one or more searches by label: `{"searches": {"s1": {…}}}`. */
interface WithSearches<Element, Search extends Fields, Options extends Fields> extends Common<Element> {
  readonly search: Search;
  readonly options: Options;
  /** A search needs at least one of these filters. */
  readonly needsOne?: readonly (keyof Search & string)[];
  /** Checks between the filters of one search. */
  readonly checkSearch?: Check<SearchOf<Search, Options>>;
  /** Checks between searches. */
  readonly check?: Check<{ readonly searches: Readonly<Record<string, SearchOf<Search, Options>>> }>;
  /** Whether a question may choose its disclosure: existence, a count, names, or all. */
  readonly choosesAnswer?: {
    /** The part of an element in an answer with names only. */
    readonly toNamesOnly: (element: Element) => Element;
  };
  readonly advise?: (search: SearchOf<Search, Options>) => readonly string[];
  /** Reasons why nothing can fit the search. */
  readonly contradict?: (search: SearchOf<Search, Options>) => readonly string[];
  /** The needs of one search, if fewer than all. */
  readonly needsOf?: (search: SearchOf<Search, Options>) => readonly Need[];
  /** Questions that a search asks other modules. @param answer the class of the answer to all of it. */
  readonly asks?: (search: SearchOf<Search, Options>, answer: DisclosureClass) => readonly InnerQuestion[];
  /** A search in words, where its parameters say too little. */
  readonly describe?: (search: SearchOf<Search, Options>) => readonly string[];
  readonly checks?: Omit<Checks, 'rules'> & {
    readonly rules: (search: SearchOf<Search, Options>) => readonly CheckRule[];
  };
  /** Places that a search reads, as for `Module`. */
  readonly placesOf?: (search: SearchOf<Search, Options>) => readonly string[];
}

/** A question of lists. */
type QuestionOf<Lists extends Fields> = z.output<ReturnType<typeof listsSchema<Lists>>>;

function listsSchema<Lists extends Fields>(lists: Lists) {
  return strictShape(toShape(lists));
}

/** Questions of lists with an answer for each value: `{"localip": ["10.0.0.0/8"]}`. */
interface WithLists<Element, Lists extends Fields> extends Common<Element> {
  readonly lists: Lists;
  /** One of these lists must have a value. */
  readonly needsOne: readonly (keyof Lists & string)[];
  /** Reasons why nothing can fit the question. */
  readonly contradict?: (question: QuestionOf<Lists>) => readonly string[];
  /** The needs of a question, if fewer than all. */
  readonly needsOf?: (question: QuestionOf<Lists>) => readonly Need[];
}

/** How much an answer discloses. */
const answerField = choice({
  flag: 'answer',
  of: disclosureClasses,
  help: `What the answer discloses: ${disclosureClasses.join(', ')}; metadata without this flag.`,
  example: '-answer yesno',
  discloses: 'nothing',
});

/** Elements by search, or by parameter and value. */
type Elements<Element> = readonly Element[] | { readonly [key: string]: Elements<Element> };

function isList<Element>(elements: Elements<Element>): elements is readonly Element[] {
  return Array.isArray(elements);
}

/** The elements, each with its place. */
function* listElements<Element>(
  elements: Elements<Element>,
  place: readonly string[] = [],
): Generator<{ readonly place: readonly string[]; readonly element: Element }> {
  if (isList(elements)) for (const element of elements) yield { place, element };
  else for (const [key, below] of Object.entries(elements)) yield* listElements(below, [...place, key]);
}

/** The line for hits without elements: the question asked for a count only, or names are withheld. */
function toCountLine({ statistics }: OperationResult): string {
  // An agent that is not ours may omit it.
  return `found ${statistics.totalhits ?? 'something'}, not listed`;
}

/** ` in search 'shells'`; empty where a question has one search, whose label nobody has chosen. */
function toPlaceText(place: readonly string[], labels: readonly string[]): string {
  const [first, second] = place;
  if (second !== undefined) return ` in ${first} '${second}'`;
  return labels.length === 1 && first === flagSearch ? '' : ` in search '${first}'`;
}

interface Form<Parameters, Input> extends QuestionForm {
  readonly parameters: z.ZodType<Parameters, Input>;
  readonly places: Module['places'];
}

function toModule<Parameters, Element, Input>(
  declared: Common<Element>,
  form: Form<Parameters, Input>,
  advise: (parameters: Parameters) => readonly string[],
): Omit<Module<Parameters, Element, Input>, 'elements'> {
  const { name, columns, toHead, toReason } = declared;
  const { places, parameters } = form;
  const toLine = lineOf(columns);
  function* toRows(result: OperationResult): Generator<Row> {
    // Each search has its list, also when it found nothing.
    const labels = Object.keys(result.elements ?? {});
    for (const { place, element: one } of listElements(result.elements as Elements<Element>)) {
      const cells: Record<string, Cell> = {};
      for (const { name: column, value } of columns) cells[column] = value(one);
      const line = `${toLine(one, toHead?.(one, place))}${toPlaceText(place, labels)}${toReason?.(one) ?? ''}`;
      yield { place, cells, line };
    }
  }
  return {
    ...declared,
    former: declared.former ?? {},
    fields: { question: form.question, search: form.search ?? {}, options: form.options },
    parameters,
    places,
    flags: flagsOf(form),
    toParameters: (given) => toParameters(name, form, parameters, given),
    toFlagValues: (asked) => toFlagValues(form, asked),
    toRows,
    *toLines(result) {
      let lines = 0;
      for (const { line } of toRows(result)) {
        lines += 1;
        yield line;
      }
      if (lines === 0 && result.foundanything) yield declared.toCountLine?.(result.statistics) ?? toCountLine(result);
    },
    advise,
    contradictions: () => [],
    asks: () => [],
    describe: () => undefined,
    placesOf: () => [],
    orderOf: (column, element, text) => declared.orders?.[column]?.(element, text),
    needsOf: () => declared.needs,
    disclosureClass: (asked) => (asked as { readonly answer?: DisclosureClass }).answer ?? 'metadata',
    toNamesOnly: (one) => one,
    limitDisclosure: (asked) => asked,
  };
}

/** Of several searches, each reason names its own. */
function contradictSearches<Search>(
  searches: Readonly<Record<string, Search>>,
  contradict: (search: Search) => readonly string[],
): string[] {
  const labels = Object.entries(searches);
  return labels.flatMap(([label, search]) =>
    contradict(search).map((reason) => (labels.length === 1 ? reason : `search '${label}': ${reason}`)),
  );
}

export function defineModule<Element, Search extends Fields, Options extends Fields>(
  declared: WithSearches<Element, Search, Options>,
) {
  const { search, options, choosesAnswer, check, needsOne } = declared;
  const searches = searchesSchema(search, options, [
    ...(needsOne === undefined ? [] : [oneOf(needsOne)]),
    ...(declared.checkSearch === undefined ? [] : [declared.checkSearch]),
  ]);
  const parameters = checked(strictShape({ searches, answer: answerField.schema }), check).superRefine(
    ({ answer }, context) => {
      if (answer !== undefined && choosesAnswer === undefined)
        context.addIssue({ code: 'custom', path: ['answer'], message: 'expected only known fields, got "answer"' });
    },
  );
  const question: Fields = choosesAnswer !== undefined ? { answer: answerField } : {};
  const advise = declared.advise ?? (() => []);
  const elements = z.record(z.string(), z.array(declared.element));
  const made = toModule(
    declared,
    { question, search, options, needsOne: needsOne ?? [], parameters, places: 'search' },
    (asked) => Object.values(asked.searches).flatMap((one) => advise(one)),
  );
  const { needsOf = () => declared.needs, contradict = () => [], asks, checks, describe, placesOf } = declared;
  const module = {
    ...made,
    elements,
    ...(asks === undefined
      ? {}
      : {
          asks: (asked: z.output<typeof parameters>) =>
            Object.values(asked.searches).flatMap((one) => asks(one, made.disclosureClass(asked))),
        }),
    ...(checks === undefined
      ? {}
      : {
          checks: {
            ...checks,
            rules: (asked: z.output<typeof parameters>) => Object.values(asked.searches).flatMap(checks.rules),
          },
        }),
    ...(describe === undefined
      ? {}
      : { describe: (asked: z.output<typeof parameters>) => Object.values(asked.searches).flatMap(describe) }),
    // Of a search that has passed the schema.
    ...(placesOf === undefined ? {} : { placesOf: placesOf as (search: unknown) => readonly string[] }),
    contradictions: (asked: z.output<typeof parameters>) => contradictSearches(asked.searches, contradict),
    needsOf: (asked: z.output<typeof parameters>) => [...new Set(Object.values(asked.searches).flatMap(needsOf))],
  };
  if (choosesAnswer === undefined) return module;
  return {
    ...module,
    toNamesOnly: choosesAnswer.toNamesOnly,
    limitDisclosure: (asked: z.output<typeof parameters>, most: DisclosureClass) => ({
      ...asked,
      answer: lesserDisclosure(module.disclosureClass(asked), most),
    }),
  };
}

export function defineLists<Element, Lists extends Fields>(declared: WithLists<Element, Lists>) {
  const { lists, needsOne } = declared;
  const parameters = checked(listsSchema(lists), oneOf(needsOne));
  const form = { question: lists, search: null, options: {}, needsOne, parameters, places: 'value' } as const;
  const elements = z.record(z.string(), z.record(z.string(), z.array(declared.element)));
  const { needsOf = () => declared.needs, contradict = () => [] } = declared;
  return { ...toModule(declared, form, () => []), elements, needsOf, contradictions: contradict };
}

/** The parameters that `run` of a module receives. */
export type ParametersOf<Some extends { readonly parameters: z.ZodType }> = z.output<Some['parameters']>;
