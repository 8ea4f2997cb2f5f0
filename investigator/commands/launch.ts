/** `mig launch FILE|ID`: sends what enough people have signed, and follows it. */
import type { Flag } from '../../modules/kit/flag.ts';
import { ResultOpener } from '../../protocol/result/sealed.ts';
import { openOwnAction } from '../answers/own-action.ts';
import type { SignedAction } from '../ask/signed-file.ts';
import { describeSigners, verifyProposal } from '../ask/verify-proposal.ts';
import { type AnswerOptions, answerFlags, noFollowFlag, readAnswerOptions } from '../cli/common-flags.ts';
import type { ExitCode } from '../cli/exit-codes.ts';
import { parseFlags, takeOne } from '../cli/flags.ts';
import type { InvestigatorKey } from '../keys/investigator-key.ts';
import { type KnownKey, knownKeysFlag, readKnownKeys, toKeyPaths } from '../keys/known-keys.ts';
import { toLayout } from '../print/columns.ts';
import type { Relay } from '../relay/relay.ts';
import type { CommandContext } from './context.ts';
import { countSome } from './count-agents.ts';
import { countDown, toReach } from './countdown.ts';
import { readSigned } from './read-signed.ts';
import { submitAndFollow } from './submit-and-follow.ts';
import { withRelay } from './with-relay.ts';

export const launchFlags: readonly Flag[] = [
  { name: 'y', kind: 'boolean', help: 'Asks at once, without the countdown.' },
  noFollowFlag,
  knownKeysFlag,
  ...answerFlags,
];

interface LaunchOptions extends AnswerOptions {
  readonly yes: boolean;
  readonly noFollow: boolean;
  readonly keyPaths: readonly string[];
}

/** Checks before anything is sent that the answers can be opened. */
async function launchSigned(
  relay: Relay,
  signed: SignedAction,
  key: InvestigatorKey,
  keys: readonly KnownKey[],
  options: LaunchOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { console, modules, signal } = context;
  const { submission } = signed;
  toLayout(options.view, signed.action.operations, modules);
  const { action, signedBytes } = await openOwnAction(submission.envelope, signed.action.id, key);
  const proposal = await verifyProposal(signed, key, keys);
  for (const line of describeSigners(proposal)) console.note(line);
  const opener = new ResultOpener(proposal.replykey);
  const agents = await countSome(relay, action.target, action.fleet, console);
  const reach = toReach(agents, action.target, `until ${action.expireafter}`);
  await countDown(reach, console.interactive && !options.yes, console, signal);
  return submitAndFollow(relay, { submission, action, signedBytes, opener }, agents, { ...options, key }, context);
}

export async function launch(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, launchFlags);
  const source = takeOne(positionals, 'one signed file, or the id of a proposal', 'mig proposals lists them');
  const keyPaths = toKeyPaths(values, context.settings());
  const options = {
    ...readAnswerOptions(values),
    yes: values.y === true,
    noFollow: values.nofollow === true,
    keyPaths,
  };
  return withRelay(context, async (relay, held) => {
    const signed = await readSigned(source, (use) => use(relay));
    const key = await held.open();
    const keys = await readKnownKeys(keyPaths, key);
    return launchSigned(relay, signed, key, keys, options, context);
  });
}
