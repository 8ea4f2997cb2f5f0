/** One question in two forms: the fields of a form, and the line that `mig` takes. Both go through the real parser. */
import type { FlagValues } from '../../../modules/kit/flag.ts';
import type { Module } from '../../../modules/kit/module.ts';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { escapeText, toSafeJson } from '../../../protocol/base/escape.ts';
import { suggest } from '../../../protocol/base/suggest.ts';
import { cutText } from '../../../protocol/base/text.ts';
import { giveAdvice } from '../../ask/advice/advice.ts';
import { findFaults } from '../../ask/check-question.ts';
import { describeQuestion } from '../../ask/describe-action.ts';
import { toActionFile } from '../../ask/new-action.ts';
import { questionFlags } from '../../cli/common-flags.ts';
import { parseFlags, usageError } from '../../cli/flags.ts';
import { parseQuestion } from '../../cli/question.ts';
import { splitWords } from '../../cli/split-words.ts';
import type { QuestionCommand } from '../../commands/question-command.ts';
import type { Composed, QuestionForm } from '../messages.ts';

type Modules = ReadonlyMap<string, Module>;

const maximumTitleCharacters = 2048;
/** Flags of asking that the form has fields for; those of printing say nothing here. */
const targetFlag = 't';
const expiryFlag = 'e';
const plainWord = /^[\w./:@%+,=-]+$/;

/** A word as `splitWords`, and every shell, reads it. */
export function quoteWord(word: string): string {
  if (plainWord.test(word)) return word;
  return word
    .split("'")
    .map((part) => `'${part}'`)
    .join(`"'"`);
}

/** Boolean flags have `true` as their value. */
export function toLine({ module, values, target, expiry }: QuestionForm, modules: Modules): string {
  const words = ['mig', module];
  if (target !== '') words.push(`-${targetFlag}`, target);
  for (const flag of modules.get(module)?.flags ?? [])
    for (const value of values[flag.name] ?? []) {
      if (flag.kind !== 'boolean') words.push(`-${flag.name}`, value);
      else if (value === 'true') words.push(`-${flag.name}`);
    }
  if (expiry !== '') words.push(`-${expiryFlag}`, expiry);
  return words.map(quoteWord).join(' ');
}

interface Split {
  readonly module: Module;
  readonly argv: readonly string[];
}

/** @throws CodedError usage */
function splitLine(line: string, modules: Modules): Split {
  const words = splitWords(line);
  const [name = '', ...argv] = words[0] === 'mig' ? words.slice(1) : words;
  const module = modules.get(name);
  if (module !== undefined) return { module, argv };
  const near = suggest(name, modules.keys());
  throw usageError(
    `expected a module, got ${JSON.stringify(name)}`,
    near === undefined ? `there are ${[...modules.keys()].join(', ')}` : `did you mean ${near}?`,
  );
}

function toTexts(values: FlagValues): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().map(String)] as const],
    ),
  );
}

/** The fields that a line fills in. @throws CodedError usage */
export function toForm(line: string, modules: Modules): QuestionForm {
  const { module, argv } = splitLine(line, modules);
  const { values, positionals } = parseFlags(argv, [...questionFlags, ...module.flags]);
  const [extra] = positionals;
  if (extra !== undefined) throw usageError(`expected a flag, got ${JSON.stringify(extra)}`);
  const texts = toTexts(values);
  const own = Object.fromEntries(
    Object.entries(texts).filter(([name]) => module.flags.some((flag) => flag.name === name)),
  );
  const [target = ''] = texts[targetFlag] ?? [];
  const [expiry = ''] = texts[expiryFlag] ?? [];
  return { module: module.name, values: own, target, expiry };
}

/** The question that is asked, exactly as `mig` would read the line. @throws CodedError usage */
export function toQuestion(line: string, modules: Modules): QuestionCommand {
  const { module, argv } = splitLine(line, modules);
  const request = parseQuestion(module, argv);
  if (request.kind === 'help') throw usageError('expected a question, got help');
  const { operation, options } = request;
  const name = options.title ?? cutText(['mig', module.name, ...argv].join(' '), maximumTitleCharacters);
  const limits = options.seconds === undefined ? {} : { seconds: options.seconds };
  const template = { name, description: {}, threat: {}, operations: [operation], limits };
  return { template, target: options.target ?? 'online', options };
}

/** @param given a form, or the line of one. Errors of the question are part of the answer. */
export function compose(given: QuestionForm | string, modules: Modules): Composed {
  const line = typeof given === 'string' ? given : toLine(given, modules);
  try {
    const form = toForm(line, modules);
    const shared = { line, form };
    try {
      const { template, target } = toQuestion(line, modules);
      const { operations } = template;
      const { refusals, contradictions } = findFaults(operations, modules);
      const words = operations.flatMap((operation) => describeQuestion(operation, modules));
      return {
        ...shared,
        problem: null,
        words: words.map(escapeText),
        faults: [...refusals, ...contradictions].map(escapeText),
        advice: giveAdvice(operations, modules).map(escapeText),
        file: toSafeJson(toActionFile(template, target)),
      };
    } catch (error) {
      return { ...shared, ...toProblem(error) };
    }
  } catch (error) {
    return { line, form: typeof given === 'string' ? null : given, ...toProblem(error) };
  }
}

/** Other errors pass through. */
function toProblem(error: unknown): Omit<Composed, 'line' | 'form'> {
  if (!(error instanceof CodedError)) throw error;
  const hint = error.hint === undefined ? null : escapeText(error.hint);
  const problem = { code: error.code, message: escapeText(error.message), hint };
  return { problem, words: [], faults: [], advice: [], file: '' };
}
