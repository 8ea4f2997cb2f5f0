/**
 * Looks at a question before it is signed: what agents would refuse, or what can fit nothing on any host, is refused
 * here; advice is printed.
 */
import type { Module } from '../../modules/kit/module.ts';
import { describeRefusedPattern, findRefusedPatterns } from '../../modules/kit/refused-patterns.ts';
import { native } from '../../native/index.ts';
import type { Operation } from '../../protocol/action/action.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';

export type QuestionCode = 'question-refused' | 'question-impossible';

type Modules = ReadonlyMap<string, Module>;

/** The addon cannot be loaded where nothing may be executed: then agents decide. */
const loadCodes: readonly string[] = ['addon-missing', 'addon-not-loadable', 'addon-altered'];

/** Each operation, as its module takes it; those of unknown modules and malformed ones are refused elsewhere. */
function parseOperations(operations: readonly Operation[], modules: Modules) {
  return operations.flatMap(({ module: name, parameters }) => {
    const module = modules.get(name);
    const parsed = module?.parameters.safeParse(parameters);
    return module === undefined || parsed?.success !== true ? [] : [{ module, parameters: parsed.data }];
  });
}

type ParsedOperation = ReturnType<typeof parseOperations>[number];

function findRefusals(operations: readonly ParsedOperation[]): string[] {
  try {
    return operations.flatMap(({ module, parameters }) =>
      findRefusedPatterns(module, parameters, native).map((refused) => {
        const where = refused.search === null || refused.search === 's1' ? '' : `search '${refused.search}': `;
        return `${module.name}: ${where}${describeRefusedPattern(refused)}`;
      }),
    );
  } catch (error) {
    if (error instanceof CodedError && loadCodes.includes(error.code)) return [];
    throw error;
  }
}

export interface QuestionFaults {
  /** Patterns that agents would refuse, one line each. */
  readonly refusals: readonly string[];
  /** Reasons why nothing can fit, one line each. */
  readonly contradictions: readonly string[];
}

export function findFaults(operations: readonly Operation[], modules: Modules): QuestionFaults {
  const parsed = parseOperations(operations, modules);
  return {
    refusals: findRefusals(parsed),
    contradictions: parsed.flatMap(({ module, parameters }) =>
      module.contradictions(parameters).map((reason) => `${module.name}: ${reason}`),
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
