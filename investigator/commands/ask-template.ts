/** Asks what flags or a file have put together: rehearsed, of this machine, or of the agents of a target. */

import { escapeText } from '../../protocol/base/escape.ts';
import { newAction, type Question } from '../ask/new-action.ts';
import { toDuration } from '../cli/duration.ts';
import type { ExitCode } from '../cli/exit-codes.ts';
import { usageError } from '../cli/flags.ts';
import { assertSettings, requireSetting } from '../cli/require-settings.ts';
import { toLayout } from '../print/columns.ts';
import type { CommandContext } from './context.ts';
import { countSome } from './count-agents.ts';
import { countDown, toReach } from './countdown.ts';
import type { QuestionCommand } from './question-command.ts';
import { resolveTarget } from './resolve-target.ts';
import { submitAndFollow } from './submit-and-follow.ts';
import { openRelay } from './with-relay.ts';

/** The key is opened, and without a countdown the signature made, while the relay counts the agents. */
async function askAgents({ template, options, target }: QuestionCommand, context: CommandContext): Promise<ExitCode> {
  const { console, signal } = context;
  const settings = context.settings();
  assertSettings(settings, 'server', 'fleet', 'key');
  const question: Question = {
    template,
    fleet: requireSetting(settings, 'fleet'),
    target,
    expiryMs: options.expiryMs,
  };
  const { relay, key: held } = openRelay(context, settings);
  const wait = console.interactive && !options.yes;
  const counting = countSome(relay, question.target, question.fleet, console);
  // Each failure is thrown where it is awaited, unless another comes first.
  counting.catch(() => {});
  const key = await held.open();
  const early = wait ? undefined : newAction(question, key);
  early?.catch(() => {});
  const agents = await counting;
  await countDown(toReach(agents, target, `within ${toDuration(options.expiryMs)}`), wait, console, signal);
  const created = await (early ?? newAction(question, key));
  const { format, show, view, noFollow } = options;
  return submitAndFollow(relay, created, agents, { format, show, view, noFollow, key }, context);
}

export async function askTemplate(given: QuestionCommand, context: CommandContext): Promise<ExitCode> {
  // A wrong column is said before anybody is asked.
  toLayout(given.options.view, given.template.operations, context.modules);
  const question = { ...given, target: await resolveTarget(given.target, context, true) };
  const { giveAdvice } = await import('../ask/advice/advice.ts');
  const { assertAnswerable } = await import('../ask/check-question.ts');
  assertAnswerable(question.template.operations, context.modules);
  for (const line of giveAdvice(question.template.operations, context.modules)) {
    const { note, paintNote } = context.console;
    note(`${paintNote('warning', 'note:')} ${escapeText(line)}`);
  }
  if (question.options.rehearsal === 'print' || question.options.rehearsal === 'dry-run')
    return (await import('./rehearse.ts')).rehearse(question, context);
  if (question.target === 'local' && question.options.noFollow)
    throw usageError(
      'expected -nofollow with a question to agents, got it with -t local',
      'this machine answers at once',
    );
  if (question.target === 'local' || question.options.rehearsal === 'estimate')
    return (await import('./ask-locally.ts')).askLocally(question, context);
  return askAgents(question, context);
}
