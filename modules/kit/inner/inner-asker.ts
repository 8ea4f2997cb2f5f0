/** Asks other modules within an operation. Only its receipt, and what the asking module tells, leaves the host. */
import * as z from 'zod';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { emptyReceipt, type OperationResult, outOfScopeReasons } from '../../../protocol/result/result.ts';
import { examine, toMatchLimits, toStopped } from '../examine.ts';
import { readHostFile } from '../files/host-file.ts';
import { Findings, type FindingsOutcome } from '../findings.ts';
import { Gate } from '../gate.ts';
import type { Module } from '../module.ts';
import type { AnyRun, Work } from '../work.ts';
import {
  type Doubt,
  type InnerAnswer,
  type InnerElement,
  type InnerQuestion,
  type InnerQuestions,
  noInnerQuestions,
} from './inner-question.ts';
import { type Merged, mergeQuestions, type Placed } from './merge.ts';
import { parseInnerQuestion } from './parse-inner-question.ts';

interface RunnableModule {
  readonly module: Module;
  readonly run: AnyRun;
}

/** Undefined when there is no such module. */
export type FindModule = (name: string) => Promise<RunnableModule | undefined>;

/** Elements stay in this process; their number is limited by its memory. */
const mostElementBytes = 32 * 1024 * 1024;

function elementsAt(elements: unknown, path: readonly string[]): readonly unknown[] {
  let at: unknown = elements;
  for (const key of path)
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined;
  return Array.isArray(at) ? at : [];
}

/** The result that would have this element alone. */
function toResultOf(element: unknown, path: readonly string[]): OperationResult {
  const elements = [...path].reverse().reduce<unknown>((below, key) => ({ [key]: below }), [element]);
  return { success: true, foundanything: true, elements, statistics: {}, errors: [], receipt: emptyReceipt() };
}

function toInnerElement(module: Module, element: unknown, path: readonly string[]): InnerElement {
  const shown = module.places === 'search' ? ['s1'] : path;
  return {
    toCells: () => [...module.toRows(toResultOf(element, shown))][0]?.cells ?? {},
    order: (column, text) => module.orderOf(column, element, text),
    toLine: () => [...module.toLines(toResultOf(module.toNamesOnly(element), shown))].join(' '),
  };
}

export class InnerAsker implements InnerQuestions {
  readonly #questions: readonly InnerQuestion[];
  readonly #outer: Omit<Work<object>, 'inner'>;
  readonly #findModule: FindModule | undefined;

  /** @param outer of the module that asks. */
  constructor(
    questions: readonly InnerQuestion[],
    outer: Omit<Work<object>, 'inner'>,
    findModule: FindModule | undefined,
  ) {
    this.#questions = questions;
    this.#outer = outer;
    this.#findModule = findModule;
  }

  async ask(places: Iterable<number>): Promise<ReadonlyMap<number, InnerAnswer>> {
    const byModule = new Map<string, number[]>();
    for (const place of places) {
      const { module } = this.#questions[place] ?? {};
      if (module !== undefined) byModule.set(module, [...(byModule.get(module) ?? []), place]);
    }
    const answers = new Map<number, InnerAnswer>();
    for (const [name, asked] of byModule)
      for (const [place, answer] of await this.#askModule(name, asked)) answers.set(place, answer);
    return answers;
  }

  async #askModule(name: string, places: readonly number[]): Promise<Map<number, InnerAnswer>> {
    const found = await this.#findModule?.(name);
    // Agents refuse it before they run anything.
    if (found === undefined) throw new CodedError('no-module', `expected a module to ask within, got ${name}`);
    const answers = new Map<number, InnerAnswer>();
    for (const merged of mergeQuestions(
      found.module,
      places.map((place) => this.#parse(found.module, place)),
    ))
      for (const [place, answer] of await this.#carryOut(found, merged)) {
        const before = answers.get(place);
        answers.set(place, before === undefined ? answer : joinAnswers(before, answer));
      }
    return answers;
  }

  /** @throws CodedError bad-plan */
  #parse(module: Module, place: number): Placed {
    const question = this.#questions[place];
    const parsed = question === undefined ? undefined : parseInnerQuestion(module, question);
    if (parsed?.success === true) return { place, parameters: parsed.data };
    const why = parsed === undefined ? 'expected a question' : z.prettifyError(parsed.error);
    throw new CodedError('bad-plan', `${question?.label ?? place}: ${module.name}: ${why}`);
  }

  /** The rules are those for that module, and the budget is one for all. */
  #toGate(module: string): Gate {
    const { gate } = this.#outer;
    if (gate.isOwnMachine) return new Gate(undefined);
    const rules = gate.protection.inner?.[module] ?? gate.protection;
    return new Gate({ ...rules, questions: gate.protection.questions - gate.answered });
  }

  async #carryOut({ module, run }: RunnableModule, { question, parts }: Merged): Promise<Map<number, InnerAnswer>> {
    const { signal, limits, gate: outerGate } = this.#outer;
    const gate = this.#toGate(module.name);
    const findings = new Findings<object>(
      { resultBytes: mostElementBytes, matchLimits: toMatchLimits(question), answer: 'metadata' },
      (element) => element,
    );
    const failure = await examine(module, run, question, { signal, limits, gate, findings, inner: noInnerQuestions });
    const stopped = toStopped(signal);
    const outcome = findings.toOutcome(stopped);
    outerGate.countAnswered(gate.answered);
    this.#tell(outcome);
    const read: InnerAnswer['read'] = (path, mostBytes, questions) => {
      const own = this.#toGate(module.name);
      const file = readHostFile(own, path, mostBytes, questions);
      outerGate.countAnswered(own.answered);
      return file;
    };
    return new Map(
      [...parts].map(([place, paths]) => {
        const elements = paths.flatMap((path) =>
          elementsAt(outcome.elements, path).map((element) => toInnerElement(module, element, path)),
        );
        const labels = paths.flatMap(([label = '']) => label);
        const doubts = new Set<Doubt>(labels.flatMap((label) => [...findings.doubtsOf(label, stopped)]));
        for (const reason of outOfScopeReasons) doubts.delete(reason);
        const failures = labels.flatMap((label) => findings.failureOf(label) ?? []);
        return [place, { elements, doubts, failure: failure ?? failures[0] ?? null, read }];
      }),
    );
  }

  /** What the receipt of the operation says of it. How much there is may only be told with metadata. */
  #tell({ examined, skipped, sources = [] }: FindingsOutcome): void {
    const { findings } = this.#outer;
    for (const { reason, count } of skipped) findings.skip(reason, findings.tellsMetadata ? count : Math.min(count, 1));
    if (!findings.tellsMetadata) return;
    for (const [kind, count] of Object.entries(examined)) findings.examine(kind, count);
    for (const { kind, path = '', entries = 0, complete } of sources)
      findings.source({ kind, path, entries, complete });
  }
}

function joinAnswers(before: InnerAnswer, answer: InnerAnswer): InnerAnswer {
  return {
    elements: [...before.elements, ...answer.elements],
    doubts: new Set([...before.doubts, ...answer.doubts]),
    failure: before.failure ?? answer.failure,
    read: answer.read,
  };
}
