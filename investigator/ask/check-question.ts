/**
 * Looks at a question before it is signed: what agents would refuse, or what can fit nothing on any host, is refused
 * here; advice is printed.
 */
import { parseInnerQuestion } from '../../modules/kit/inner/parse-inner-question.ts';
import type { Module } from '../../modules/kit/module.ts';
import { describeRefusedPattern, findRefusedPatterns } from '../../modules/kit/refused-patterns.ts';
import { native } from '../../native/index.ts';
import type { Operation } from '../../protocol/action/action.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';

export type QuestionCode = 'question-refused' | 'question-impossible';

type Modules = ReadonlyMap<string, Module>;

/** The addon cannot be loaded where nothing may be executed: then agents decide. */
const loadCodes: readonly string[] = ['addon-missing', 'addon-not-loadable', 'addon-altered'];

export interface ParsedQuestion {
  readonly module: Module;
  readonly parameters: unknown;
  /** `file`, or `policy: object sshd: setting` of a question within. */
  readonly place: string;
}

/** Null for what is refused elsewhere: unknown modules and malformed parameters. */
function parseOperation({ module: name, parameters }: Operation, modules: Modules): ParsedQuestion | null {
  const module = modules.get(name);
  const parsed = module?.parameters.safeParse(parameters);
  return module === undefined || parsed?.success !== true ? null : { module, parameters: parsed.data, place: name };
}

/** Questions within, and why agents would refuse others of them. */
function parseInner({ module, parameters, place: asking }: ParsedQuestion, modules: Modules) {
  const questions: ParsedQuestion[] = [];
  const refusals: string[] = [];
  for (const inner of module.asks(parameters)) {
    const place = `${asking}: ${inner.label}: ${inner.module}`;
    const asked = modules.get(inner.module);
    const parsed = asked === undefined ? undefined : parseInnerQuestion(asked, inner);
    if (asked === undefined) refusals.push(`${place}: expected a module that this mig has`);
    else if (parsed?.success === true) questions.push({ module: asked, parameters: parsed.data, place });
    else
      refusals.push(
        ...(parsed?.error.issues ?? []).map(({ path, message }) => `${place}: ${toField(path)}: ${message}`),
      );
  }
  return { questions, refusals };
}

/** Below the search, as a document has it: `settings[0]`. */
function toField(path: readonly PropertyKey[]): string {
  const own = path[0] === 'searches' ? path.slice(2) : path;
  return own
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

function findRefusals(questions: readonly ParsedQuestion[]): string[] {
  try {
    return questions.flatMap(({ module, parameters, place }) =>
      findRefusedPatterns(module, parameters, native).map((refused) => {
        const where = refused.search === null || refused.search === 's1' ? '' : `search '${refused.search}': `;
        return `${place}: ${where}${describeRefusedPattern(refused)}`;
      }),
    );
  } catch (error) {
    if (error instanceof CodedError && loadCodes.includes(error.code)) return [];
    throw error;
  }
}

/** All questions that an action asks, with those within; undefined when one of them is unknown or malformed. */
export function listQuestions(operations: readonly Operation[], modules: Modules): ParsedQuestion[] | undefined {
  const questions: ParsedQuestion[] = [];
  for (const operation of operations) {
    const question = parseOperation(operation, modules);
    if (question === null) return undefined;
    const inner = parseInner(question, modules);
    if (inner.refusals.length > 0) return undefined;
    questions.push(question, ...inner.questions);
  }
  return questions;
}

export interface QuestionFaults {
  /** Patterns that agents would refuse, one line each. */
  readonly refusals: readonly string[];
  /** Reasons why nothing can fit, one line each. */
  readonly contradictions: readonly string[];
}

export function findFaults(operations: readonly Operation[], modules: Modules): QuestionFaults {
  const parsed = operations.flatMap((operation) => parseOperation(operation, modules) ?? []);
  const inner = parsed.map((question) => parseInner(question, modules));
  const questions = [...parsed, ...inner.flatMap((one) => one.questions)];
  return {
    refusals: [...inner.flatMap((one) => one.refusals), ...findRefusals(questions)],
    contradictions: questions.flatMap(({ module, parameters, place }) =>
      module.contradictions(parameters).map((reason) => `${place}: ${reason}`),
    ),
  };
}

/** @throws CodedError<QuestionCode> */
export function assertAnswerable(operations: readonly Operation[], modules: Modules): void {
  const { refusals, contradictions } = findFaults(operations, modules);
  if (refusals.length > 0)
    throw new CodedError<QuestionCode>('question-refused', `agents would refuse this question\n${refusals.join('\n')}`);
  if (contradictions.length > 0)
    throw new CodedError<QuestionCode>(
      'question-impossible',
      `nothing on any host can fit this question\n${contradictions.join('\n')}`,
      { hint: 'such an answer would look like one that found nothing' },
    );
}
