/** `mig <module>`: a question put together from flags. */
import type { Module } from '../../modules/kit/module.ts';
import { cutText } from '../../protocol/base/text.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { parseQuestion } from '../cli/question.ts';
import { askTemplate } from './ask-template.ts';
import type { CommandContext } from './context.ts';
import { helpColumns, renderModuleHelp } from './help.ts';

const maximumTitleCharacters = 2048;

/** @param argv what follows the module's name. */
export async function ask(module: Module, argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const request = parseQuestion(module, argv);
  if (request.kind === 'help') {
    context.console.data(renderModuleHelp(module, helpColumns(context.console)));
    return exitCodes.found;
  }
  const { operation, options } = request;
  const name = options.title ?? cutText(['mig', module.name, ...argv].join(' '), maximumTitleCharacters);
  const limits = options.seconds === undefined ? {} : { seconds: options.seconds };
  const template = { name, description: {}, threat: {}, operations: [operation], limits };
  return askTemplate({ template, target: options.target ?? 'online', options }, context);
}
