/** `mig run FILE`: a question that somebody wrote down. */
import type { Flag } from '../../modules/kit/flag.ts';
import { questionFlags, readQuestionOptions } from '../cli/common-flags.ts';
import type { ExitCode } from '../cli/exit-codes.ts';
import { parseFlags, takeOne } from '../cli/flags.ts';
import { askTemplate } from './ask-template.ts';
import { assertFleet } from './assert-fleet.ts';
import type { CommandContext } from './context.ts';

export const runFlags: readonly Flag[] = questionFlags.map((flag) => {
  if (flag.name === 't') return { ...flag, help: "Whom to ask instead of the file's target." };
  return flag.name === 'title' ? { ...flag, help: "The action's name instead of the file's." } : flag;
});

export async function run(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, runFlags);
  const path = takeOne(positionals, 'one action file', 'mig run FILE, or - for standard input');
  const options = readQuestionOptions(values);
  const { readActionFile } = await import('../ask/action-file/action-file.ts');
  const file = readActionFile(path, context.modules);
  assertFleet(file.fleet, context);
  const { seconds, title } = options;
  const template = {
    ...file.template,
    ...(title === undefined ? {} : { name: title }),
    limits: { ...file.template.limits, ...(seconds === undefined ? {} : { seconds }) },
  };
  return askTemplate({ template, target: options.target ?? file.target ?? 'online', options }, context);
}
