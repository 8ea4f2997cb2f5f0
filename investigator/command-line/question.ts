/** From a module's arguments to the operation that is asked, or to its help. */
import type { ModuleFace } from '../../modules/contract.ts';
import type { Operation } from '../../protocol/action.ts';
import { toIssueMessage } from '../action-file/issue-message.ts';
import { helpFlags, type QuestionOptions, questionFlags, readQuestionOptions, wantsHelp } from './common-flags.ts';
import { assertOnlyFlags, parseFlags, usageError } from './flags.ts';

/** What is asked, and of whom. */
export interface ModuleQuestion {
  readonly kind: 'question';
  readonly operation: Operation;
  readonly options: QuestionOptions;
}

export type ModuleRequest = { readonly kind: 'help' } | ModuleQuestion;

/** @throws CodedError usage */
export function parseQuestion({ spec, cli }: ModuleFace, argv: readonly string[]): ModuleRequest {
  const { values, positionals } = parseFlags(argv, [...questionFlags, ...cli.flags, ...helpFlags]);
  if (wantsHelp(values) || positionals[0] === 'help') return { kind: 'help' };
  assertOnlyFlags(positionals, spec.name);
  const options = readQuestionOptions(values);
  const own = Object.fromEntries(
    Object.entries(values).filter(([name]) => cli.flags.some((flag) => flag.name === name)),
  );
  const parameters = cli.toParameters(own);
  const checked = spec.parameters.safeParse(parameters);
  if (!checked.success) {
    const problems = checked.error.issues.map((issue) => `${issue.path.join('.')}: ${toIssueMessage(issue)}`);
    throw usageError(problems.join('\n'), `mig ${spec.name} -h shows the flags`);
  }
  return { kind: 'question', operation: { module: spec.name, parameters }, options };
}
