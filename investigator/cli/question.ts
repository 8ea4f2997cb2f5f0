/** Parses a module's arguments: the operation that is asked, or its help. */
import type { FlagValues } from '../../modules/kit/flag.ts';
import type { LaptopPart } from '../../modules/kit/laptop-part.ts';
import type { Module } from '../../modules/kit/module.ts';
import type { Operation } from '../../protocol/action/action.ts';
import { helpFlags, type QuestionOptions, questionFlags, readQuestionOptions, wantsHelp } from './common-flags.ts';
import { assertOnlyFlags, parseFlags, takeOne } from './flags.ts';
import { readNamedFile } from './named-file.ts';

/** An operation, and the options of asking. */
interface ModuleQuestion {
  readonly kind: 'question';
  readonly operation: Operation;
  readonly options: QuestionOptions;
}

export type ModuleArguments = { readonly kind: 'help' } | ModuleQuestion;

/** The file that is the question, as values of fields; none where the module takes no file. */
function readDocument(
  { document }: Pick<LaptopPart, 'document'>,
  positionals: readonly string[],
  module: string,
  readFile: ReadDocument,
): FlagValues {
  if (document === undefined) {
    assertOnlyFlags(positionals, module);
    return {};
  }
  const path = takeOne(
    positionals,
    `one ${document.what}`,
    `mig ${module} FILE [flags]; mig ${module} -h shows the flags`,
  );
  return document.read(readFile(path, document.what), path === '-' ? 'standard input' : path);
}

/** @param what the file should be. */
type ReadDocument = (path: string, what: string) => Buffer;

/** @throws CodedError usage, and those of a file that cannot be read */
export function parseQuestion(
  module: Module,
  argv: readonly string[],
  part: Pick<LaptopPart, 'document'> = {},
  readFile: ReadDocument = readNamedFile,
): ModuleArguments {
  const { values, positionals } = parseFlags(argv, [...questionFlags, ...module.flags, ...helpFlags]);
  if (wantsHelp(values) || positionals[0] === 'help') return { kind: 'help' };
  const document = readDocument(part, positionals, module.name, readFile);
  const options = readQuestionOptions(values);
  const own = Object.fromEntries(
    Object.entries(values).filter(([name]) => module.flags.some((flag) => flag.name === name)),
  );
  const parameters = module.toParameters({ ...own, ...document });
  return { kind: 'question', operation: { module: module.name, parameters }, options };
}
