/** `mig propose FILE`: leaves a signed action on the server, for others to sign. */

import { isSignedFile, parseSignedFile } from '../ask/signed-file.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { parseFlags, takeOne } from '../cli/flags.ts';
import { readNamedFile } from '../cli/named-file.ts';
import { assertFitKey } from '../keys/check-key.ts';
import { submitProposal } from '../relay/proposals.ts';
import type { CommandContext } from './context.ts';
import { assertNewQuestion, newQuestionFlags, readSignOptions, signNew } from './sign.ts';
import { withRelay } from './with-relay.ts';

export const proposeFlags = newQuestionFlags;

export async function propose(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, proposeFlags);
  const path = takeOne(positionals, 'one action file', 'mig propose FILE');
  const options = readSignOptions(values);
  const bytes = readNamedFile(path, 'action file');
  return withRelay(context, async (relay, held) => {
    const key = await held.open();
    await assertFitKey(key);
    const isSigned = isSignedFile(bytes);
    if (isSigned) assertNewQuestion(options);
    const signed = isSigned ? parseSignedFile(bytes, path) : await signNew(bytes, path, options, key, context);
    await submitProposal(relay, signed.submission);
    const { id, expireafter } = signed.action;
    context.console.data(id);
    context.console.note(`proposed until ${expireafter}; others sign it with: mig approve ${id}`);
    context.console.note(`then: mig launch ${id}`);
    return exitCodes.found;
  });
}
