/** The last step of all that asks agents: a signed action goes to the relay, its answers are printed as they come. */
import type { ActionSubmission } from '../../protocol/api/api.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import type { Relay } from '../relay/relay.ts';
import type { CommandContext } from './context.ts';
import { countsOf } from './follow.ts';
import { type ReportedAction, type ReportOptions, reportAnswers } from './report-answers.ts';

interface SubmittedAction extends Omit<ReportedAction, 'counts' | 'signatures'> {
  readonly submission: ActionSubmission;
}

/** @param agents how many are asked. */
export async function submitAndFollow(
  relay: Relay,
  { submission, action, signedBytes, opener }: SubmittedAction,
  agents: number,
  options: Omit<ReportOptions, 'until'> & { readonly noFollow: boolean },
  context: CommandContext,
): Promise<ExitCode> {
  context.signal.throwIfAborted();
  await relay.submit(submission);
  const { console } = context;
  if (options.noFollow) {
    console.data(action.id);
    console.note(
      `asked until ${action.expireafter}; the answers: mig show ${action.id} -wait, or mig follow ${action.id}`,
    );
    return exitCodes.found;
  }
  console.note(`Following action ID ${action.id}`);
  const { signatures } = submission.envelope;
  const subject = { action, signedBytes, signatures, opener, counts: countsOf('queued', agents) };
  return reportAnswers(relay, subject, { ...options, until: 'end' }, context);
}
