/** `mig show ID` and `mig follow ID`: the answers of an action that was asked before, late ones included. */
import type { Flag } from '../../modules/kit/flag.ts';
import { ActionId } from '../../protocol/base/identifiers.ts';
import { answerFlags, readAnswerOptions } from '../cli/common-flags.ts';
import type { ExitCode } from '../cli/exit-codes.ts';
import { parseFlags, takeOne, usageError } from '../cli/flags.ts';
import type { CommandContext } from './context.ts';
import { readOwnAction } from './own-actions.ts';
import { type ReportOptions, reportAnswers } from './report-answers.ts';
import { withRelay } from './with-relay.ts';

export const followFlags: readonly Flag[] = answerFlags;

export const showFlags: readonly Flag[] = [
  { name: 'wait', kind: 'boolean', help: 'Waits for the end of the action first, as mig follow does.' },
  ...answerFlags,
];

/** @throws CodedError usage */
export function parseActionId(positionals: readonly string[], hint = 'mig actions lists them'): ActionId {
  const text = takeOne(positionals, "one action's id", hint);
  const id = ActionId.safeParse(text);
  if (!id.success) throw usageError(`expected an action's id, 32 hex digits, got ${JSON.stringify(text)}`, hint);
  return id.data;
}

async function showUntil(
  until: ReportOptions['until'],
  argv: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, until === 'end' ? followFlags : showFlags);
  const id = parseActionId(positionals);
  const options = readAnswerOptions(values);
  const isWaiting = until === 'end' || values.wait === true;
  return withRelay(context, async (relay, held) => {
    const key = await held.open();
    const subject = await readOwnAction(relay, id, key);
    return reportAnswers(relay, subject, { ...options, until: isWaiting ? 'end' : 'now', key }, context);
  });
}

export function show(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  return showUntil('now', argv, context);
}

export function followAction(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  return showUntil('end', argv, context);
}
