/** `mig launch FILE|ID`: sends what enough people have signed, and follows it. */
import type { Flag } from '../../modules/contract.ts';
import { ResultOpener } from '../../protocol/sealed.ts';
import { readResultFormat, readShow, resultFormatFlag, showFlag } from '../command-line/common-flags.ts';
import { parseFlags, takeOne } from '../command-line/flags.ts';
import type { ExitCode } from '../exit-codes.ts';
import { countsOf } from '../investigation/follow.ts';
import { openOwnAction } from '../investigation/own-action.ts';
import { unwrapReplyKey } from '../investigation/wrapped-reply-key.ts';
import type { InvestigatorKey } from '../keys/investigator-key.ts';
import type { Relay } from '../relay/relay.ts';
import type { SignedAction } from '../signing/signed-file.ts';
import type { CommandContext } from './context.ts';
import { countSome } from './count-agents.ts';
import { countDown } from './countdown.ts';
import { readSigned } from './read-signed.ts';
import { type ReportOptions, reportAnswers } from './report-answers.ts';
import { withRelay } from './with-relay.ts';

export const launchFlags: readonly Flag[] = [
  { name: 'y', kind: 'boolean', help: 'Asks at once, without the countdown.' },
  resultFormatFlag,
  showFlag,
];

/** Everything that could keep the answers from being opened is found out before anything is sent. */
async function launchSigned(
  relay: Relay,
  { submission, action: { id } }: SignedAction,
  key: InvestigatorKey,
  options: Pick<ReportOptions, 'format' | 'show'> & { readonly yes: boolean },
  context: CommandContext,
): Promise<ExitCode> {
  const { console, signal } = context;
  const { action, signedBytes } = await openOwnAction(submission.envelope, id, key);
  const opener = new ResultOpener(await unwrapReplyKey(submission.wrappedreplykey, action, key));
  const agents = await countSome(relay, action.target, action.fleet);
  await countDown(agents, console.interactive && !options.yes, console, signal);
  signal.throwIfAborted();
  await relay.submit(submission);
  console.note(`Following action ID ${action.id}`);
  const subject = { action, signedBytes, opener, counts: countsOf('queued', agents) };
  return reportAnswers(relay, subject, { ...options, until: 'end', key }, context);
}

export async function launch(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, launchFlags);
  const source = takeOne(positionals, 'one signed file, or the id of a proposal', 'mig proposals lists them');
  const format = readResultFormat(values);
  const options = { format, show: readShow(values, format), yes: values.y === true };
  return withRelay(context, async (relay, key) =>
    launchSigned(relay, await readSigned(source, (use) => use(relay)), await key.open(), options, context),
  );
}
