/** `mig sign FILE`: puts one's signature under a question, or under what others have signed. */

import type { Flag, FlagValues } from '../../modules/kit/flag.ts';
import { escapeText } from '../../protocol/base/escape.ts';
import { describeAction } from '../ask/describe-action.ts';
import { newAction } from '../ask/new-action.ts';
import {
  addSignature,
  isSignedFile,
  parseSignedFile,
  type SignedAction,
  toSignedAction,
  writeSignedFile,
} from '../ask/signed-file.ts';
import { describeSigners, type VerifiedProposal, verifyProposal } from '../ask/verify-proposal.ts';
import { readText } from '../cli/common-flags.ts';
import { parseDuration } from '../cli/duration.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { parseFlags, takeOne, usageError } from '../cli/flags.ts';
import { readNamedFile } from '../cli/named-file.ts';
import { requireSetting } from '../cli/require-settings.ts';
import { assertFitKey } from '../keys/check-key.ts';
import type { InvestigatorKey } from '../keys/investigator-key.ts';
import { knownKeysFlag, readKnownKeys, toKeyPaths } from '../keys/known-keys.ts';
import { readPublicKeyFiles } from '../keys/public-key-file.ts';
import { confirm } from './confirm.ts';
import type { CommandContext } from './context.ts';
import { resolveTarget } from './resolve-target.ts';

/** Options for an action without a signature. */
export const newQuestionFlags: readonly Flag[] = [
  {
    name: 'e',
    kind: 'string',
    value: 'duration',
    help: 'For a new question: how long agents may take it, signing included; 1d unless given.',
  },
  {
    name: 'reader',
    kind: 'string',
    repeatable: true,
    value: 'file',
    help: 'For a new question: public key of someone else who may open the answers.',
    example: '-reader keys/bob.asc',
  },
  { name: 't', kind: 'string', value: 'target', help: "For a new question: whom to ask instead of the file's target." },
];

export const signFlags: readonly Flag[] = [
  { name: 'o', kind: 'string', value: 'file', help: 'Where to write the signed action; standard output unless given.' },
  ...newQuestionFlags,
  knownKeysFlag,
  { name: 'y', kind: 'boolean', help: 'Signs what others have signed without asking back.' },
];

export interface SignOptions {
  readonly expiry: string | undefined;
  readonly target: string | undefined;
  readonly readers: readonly string[];
}

export function readSignOptions(values: FlagValues): SignOptions {
  return {
    expiry: readText(values, 'e'),
    target: readText(values, 't'),
    readers: Array.isArray(values.reader) ? values.reader : [],
  };
}

/** Refuses options that would change a signed action. @throws CodedError usage */
export function assertNewQuestion({ expiry, target, readers }: SignOptions): void {
  if (expiry !== undefined || target !== undefined || readers.length > 0)
    throw usageError('expected a new question with -e, -t and -reader, got one that is signed already');
}

/** A question becomes an action: it gets its id, its time and its reply key here. */
export async function signNew(
  bytes: Uint8Array,
  path: string,
  options: SignOptions,
  key: InvestigatorKey,
  context: CommandContext,
): Promise<SignedAction> {
  const { parseActionFile } = await import('../ask/action-file/action-file.ts');
  const { assertAnswerable } = await import('../ask/check-question.ts');
  const { giveAdvice } = await import('../ask/advice/advice.ts');
  const file = parseActionFile(bytes, path, context.modules);
  const { operations } = file.template;
  assertAnswerable(operations, context.modules);
  for (const line of giveAdvice(operations, context.modules)) context.console.note(`note: ${escapeText(line)}`);
  const target = await resolveTarget(options.target ?? file.target ?? 'online', context);
  const { submission } = await newAction(
    {
      template: file.template,
      fleet: file.fleet ?? requireSetting(context.settings(), 'fleet'),
      target,
      expiryMs: parseDuration(options.expiry ?? '1d'),
      readers: await readPublicKeyFiles(options.readers),
    },
    key,
  );
  return toSignedAction(submission);
}

/** Shows the action in full, then signs it. @returns the armored signature. */
export async function signShown(
  signed: VerifiedProposal,
  key: InvestigatorKey,
  yes: boolean,
  context: CommandContext,
): Promise<string> {
  const { console, modules } = context;
  for (const line of describeSigners(signed)) console.note(line);
  for (const line of describeAction(signed.action, modules)) console.note(line);
  if (!yes) await confirm(`sign this as ${key.fingerprint}?`, context);
  return key.sign(signed.signedBytes);
}

async function signAgain(signed: VerifiedProposal, key: InvestigatorKey, yes: boolean, context: CommandContext) {
  return addSignature(signed, await signShown(signed, key, yes, context));
}

async function verifyFile(
  bytes: Uint8Array,
  path: string,
  values: FlagValues,
  key: InvestigatorKey,
  context: CommandContext,
): Promise<VerifiedProposal> {
  const keys = await readKnownKeys(toKeyPaths(values, context.settings()), key);
  return verifyProposal(parseSignedFile(bytes, path), key, keys);
}

export async function sign(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, signFlags);
  const path = takeOne(positionals, 'one action file', 'mig sign FILE -o SIGNED');
  const options = readSignOptions(values);
  const bytes = readNamedFile(path, 'action file');
  const again = isSignedFile(bytes);
  if (again) assertNewQuestion(options);
  const key = await context.connections.key(requireSetting(context.settings(), 'key')).open();
  await assertFitKey(key);
  const submission = again
    ? await signAgain(await verifyFile(bytes, path, values, key, context), key, values.y === true, context)
    : (await signNew(bytes, path, options, key, context)).submission;
  const output = readText(values, 'o');
  if (output === undefined) context.console.data(JSON.stringify(submission));
  else writeSignedFile(output, submission);
  const { length } = submission.envelope.signatures;
  context.console.note(`signed by ${key.fingerprint}, signature ${length}; next: mig verify, mig sign, mig launch`);
  return exitCodes.found;
}
