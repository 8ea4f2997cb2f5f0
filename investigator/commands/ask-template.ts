/** Asks what flags or a file have put together: rehearsed, of this machine, or of the agents of a target. */

import { escapeText } from '../../protocol/base/escape.ts';
import { type NewAction, newAction, type Question } from '../ask/new-action.ts';
import type { ExitCode } from '../cli/exit-codes.ts';
import { requireSetting } from '../cli/settings.ts';
import type { HeldKey, InvestigatorKey } from '../keys/investigator-key.ts';
import { toLayout } from '../print/columns.ts';
import type { Relay } from '../relay/relay.ts';
import type { CommandContext } from './context.ts';
import { countSome } from './count-agents.ts';
import { countDown } from './countdown.ts';
import { countsOf } from './follow.ts';
import type { QuestionCommand } from './question-command.ts';
import { reportAnswers } from './report-answers.ts';
import { resolveTarget } from './resolve-target.ts';
import { openRelay } from './with-relay.ts';

interface Launched {
  readonly created: NewAction;
  readonly agents: number;
  readonly key: InvestigatorKey;
}

/** The key is opened, and without a countdown the signature made, while the relay counts the agents. */
async function launch(
  relay: Relay,
  question: Question,
  held: HeldKey,
  wait: boolean,
  { console, signal }: CommandContext,
): Promise<Launched> {
  const counting = countSome(relay, question.target, question.fleet);
  // Each failure is thrown where it is awaited, unless another comes first.
  counting.catch(() => {});
  const key = await held.open();
  const early = wait ? undefined : newAction(question, key);
  early?.catch(() => {});
  const agents = await counting;
  await countDown(agents, wait, console, signal);
  const created = await (early ?? newAction(question, key));
  signal.throwIfAborted();
  await relay.submit(created.submission);
  console.note(`Following action ID ${created.action.id}`);
  return { created, agents, key };
}

async function askAgents({ template, options, target }: QuestionCommand, context: CommandContext): Promise<ExitCode> {
  const settings = context.settings();
  const question: Question = {
    template,
    fleet: requireSetting(settings, 'fleet'),
    target,
    expiryMs: options.expiryMs,
  };
  const { relay, key: held } = openRelay(context, settings);
  const wait = context.console.interactive && !options.yes;
  const { created, agents, key } = await launch(relay, question, held, wait, context);
  const { format, show, view } = options;
  const subject = { ...created, counts: countsOf('queued', agents) };
  return reportAnswers(relay, subject, { format, show, view, until: 'end', key }, context);
}

export async function askTemplate(given: QuestionCommand, context: CommandContext): Promise<ExitCode> {
  // A wrong column is said before anybody is asked.
  toLayout(given.options.view, given.template.operations, context.modules);
  const question = { ...given, target: await resolveTarget(given.target, context, true) };
  const { giveAdvice } = await import('../ask/advice/advice.ts');
  for (const line of giveAdvice(question.template.operations, context.modules)) {
    const { note, paintNote } = context.console;
    note(`${paintNote('warning', 'note:')} ${escapeText(line)}`);
  }
  if (question.options.rehearsal === 'print' || question.options.rehearsal === 'dry-run')
    return (await import('./rehearse.ts')).rehearse(question, context);
  if (question.target === 'local' || question.options.rehearsal === 'estimate')
    return (await import('./ask-locally.ts')).askLocally(question, context);
  return askAgents(question, context);
}
