/** Parses a module's arguments: the operation that is asked, or its help. */
import type { Module } from '../../modules/kit/module.ts';
import type { Operation } from '../../protocol/action/action.ts';
import { helpFlags, type QuestionOptions, questionFlags, readQuestionOptions, wantsHelp } from './common-flags.ts';
import { assertOnlyFlags, parseFlags } from './flags.ts';

/** An operation, and the options of asking. */
interface ModuleQuestion {
  readonly kind: 'question';
  readonly operation: Operation;
  readonly options: QuestionOptions;
}

export type ModuleArguments = { readonly kind: 'help' } | ModuleQuestion;

/** @throws CodedError usage */
export function parseQuestion(module: Module, argv: readonly string[]): ModuleArguments {
  const { values, positionals } = parseFlags(argv, [...questionFlags, ...module.flags, ...helpFlags]);
  if (wantsHelp(values) || positionals[0] === 'help') return { kind: 'help' };
  assertOnlyFlags(positionals, module.name);
  const options = readQuestionOptions(values);
  const own = Object.fromEntries(
    Object.entries(values).filter(([name]) => module.flags.some((flag) => flag.name === name)),
  );
  const parameters = module.toParameters(own);
  return { kind: 'question', operation: { module: module.name, parameters }, options };
}
