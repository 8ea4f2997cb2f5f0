/** `mig <module>`: a question put together from flags and files, or a command of the module's own. */
import type { CheckCommand, LaptopPart, PrintCommand } from '../../modules/kit/laptop-part.ts';
import type { Module } from '../../modules/kit/module.ts';
import { loadLaptopPart } from '../../modules/laptop.ts';
import { loadModules, moduleNames } from '../../modules/registry.ts';
import { escapeText } from '../../protocol/base/escape.ts';
import { cutText } from '../../protocol/base/text.ts';
import type { OperationResult } from '../../protocol/result/result.ts';
import { isHelpWord } from '../cli/common-flags.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { usageError } from '../cli/flags.ts';
import { readNamedFile } from '../cli/named-file.ts';
import { parseQuestion } from '../cli/question.ts';
import { askTemplate } from './ask-template.ts';
import type { CommandContext } from './context.ts';
import { helpColumns, renderModuleHelp } from './help.ts';

const maximumTitleCharacters = 2048;

/** Modules that the question asks within, beside those that are loaded already. */
async function withInnerModules(module: Module, parameters: unknown, context: CommandContext): Promise<CommandContext> {
  const names = module.asks(parameters).map((inner) => inner.module);
  const missing = [...new Set(names)].filter((name) => !context.modules.has(name) && moduleNames.includes(name));
  if (missing.length === 0) return context;
  return { ...context, modules: new Map([...context.modules, ...(await loadModules(missing))]) };
}

/** Of a check on this machine: whether all passed. */
function toCheckCode(judge: CheckCommand['judge']) {
  return (results: readonly OperationResult[]): ExitCode => {
    const verdicts = results.map(judge);
    if (verdicts.includes('fail')) return exitCodes.nothingFound;
    return verdicts.includes('unknown') ? exitCodes.incomplete : exitCodes.found;
  };
}

function printText(
  { print }: PrintCommand,
  operands: readonly string[],
  what: string,
  { console }: CommandContext,
): ExitCode {
  const { text, notes } = print(operands, (path) => readNamedFile(path, what));
  for (const line of text.split('\n')) console.data(escapeText(line));
  for (const note of notes) console.note(escapeText(note));
  return exitCodes.found;
}

/** Where the question goes. */
interface Asked {
  /** Undefined for `mig MODULE` itself. */
  readonly check?: CheckCommand | undefined;
  readonly part: LaptopPart | undefined;
  /** What the title says. */
  readonly command: string;
}

async function askQuestion(
  module: Module,
  argv: readonly string[],
  { check, part, command }: Asked,
  given: CommandContext,
): Promise<ExitCode> {
  const request = parseQuestion(module, argv, part);
  if (request.kind === 'help') {
    given.console.data(renderModuleHelp(module, helpColumns(given.console), part));
    return exitCodes.found;
  }
  const { operation, options } = request;
  const name = options.title ?? cutText(command, maximumTitleCharacters);
  const limits = options.seconds === undefined ? {} : { seconds: options.seconds };
  const template = { name, description: {}, threat: {}, operations: [operation], limits };
  const context = await withInnerModules(module, operation.parameters, given);
  if (check === undefined) return askTemplate({ template, target: options.target ?? 'online', options }, context);
  if (options.target !== undefined)
    throw usageError(`expected no target, got -t ${options.target}`, 'a check is about this machine');
  return askTemplate({ template, target: 'local', options, toExitCode: toCheckCode(check.judge) }, context);
}

/** @param argv what follows the module's name. */
export async function ask(module: Module, argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const part = await loadLaptopPart(module.name);
  const [word = '', ...rest] = argv;
  const command = ['mig', module.name, ...argv].join(' ');
  const own = part !== undefined && Object.hasOwn(part.commands, word) ? part.commands[word] : undefined;
  if (own === undefined) return askQuestion(module, argv, { part, command }, context);
  if (own.kind === 'check') return askQuestion(module, rest, { check: own, part, command }, context);
  if (rest.some((argument) => argument.startsWith('-') && isHelpWord(argument)))
    return askQuestion(module, ['help'], { part, command }, context);
  return printText(own, rest, part?.document?.what ?? 'file', context);
}
