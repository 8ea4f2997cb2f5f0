/** `mig verify FILE|ID`: who signed, with which weight, and for which modules that is enough. */
import { existsSync } from 'node:fs';
import type { Flag } from '../../modules/kit/flag.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { escapeText, toSafeJson } from '../../protocol/base/escape.ts';
import type { SignatureOutcome } from '../../protocol/signatures/signatures.ts';
import { isEvidenceFile } from '../answers/evidence/evidence.ts';
import { describeAction } from '../ask/describe-action.ts';
import {
  type EnvironmentRules,
  isEnough,
  judgeSignatures,
  readEnvironment,
  toWeightLine,
} from '../ask/judge-signatures.ts';
import type { SignedAction } from '../ask/signed-file.ts';
import { verifySigners } from '../ask/verify-proposal.ts';
import { formatFlag, readFormat, readText } from '../cli/common-flags.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { parseFlags, takeOne, usageError } from '../cli/flags.ts';
import { toKeyPaths } from '../keys/known-keys.ts';
import { type PublicKeyFile, readPublicKeyFiles } from '../keys/public-key-file.ts';
import type { CommandContext } from './context.ts';
import { readSigned } from './read-signed.ts';
import { withRelay } from './with-relay.ts';

const usualKeys = 'keys';

export const verifyFlags: readonly Flag[] = [
  {
    name: 'keys',
    kind: 'string',
    repeatable: true,
    value: 'path',
    help: 'Public key of someone who may have signed, or a folder of such *.asc files; MIG_KEYS, or keys/, unless given.',
  },
  {
    name: 'with',
    kind: 'string',
    value: 'file',
    help: 'What "mig-agent config" prints in the environment that the action is for; says whether the weights are enough.',
  },
  formatFlag,
];

function toSignatureLine(outcome: SignatureOutcome, rules: EnvironmentRules | undefined): string {
  if (outcome.kind === 'unknown-signer') return 'signed by a key that is not among those at hand';
  if (outcome.kind === 'bad-signature') return `not a signature of this action: ${escapeText(outcome.why)}`;
  const person = rules?.investigators.find(({ keys }) =>
    keys.some(({ fingerprint }) => fingerprint === outcome.signer),
  );
  const named = person === undefined ? outcome.signer : `${person.name} (${outcome.signer})`;
  if (outcome.kind !== 'valid') return `counts nothing: ${outcome.kind} ${named}`;
  return `signed by ${named}${rules !== undefined && person === undefined ? ', who is nobody in this environment' : ''}`;
}

/** Reasons why others cannot sign or launch it. */
async function findFault(signed: SignedAction, keys: readonly PublicKeyFile[]): Promise<CodedError | undefined> {
  try {
    await verifySigners(signed, keys);
    return undefined;
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
}

export async function verify(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, verifyFlags);
  const source = takeOne(positionals, 'one signed file, or the id of a proposal', 'mig proposals lists them');
  const format = readFormat(values);
  const config = readText(values, 'with');
  const rules = config === undefined ? undefined : readEnvironment(config);
  const knownKeys = (): Promise<PublicKeyFile[]> => {
    const paths = toKeyPaths(values, context.settings());
    if (paths.length > 0) return readPublicKeyFiles(paths);
    if (!existsSync(usualKeys))
      throw usageError(
        'expected the public keys of those who may have signed, got none',
        `-keys FOLDER says where they are; without it they are looked for in ${usualKeys}/ here`,
      );
    return readPublicKeyFiles([usualKeys]);
  };
  if (isEvidenceFile(source)) {
    const { verifyEvidence } = await import('./verify-evidence.ts');
    const known = values.keys === undefined ? [] : await knownKeys();
    return verifyEvidence(source, { known, rules, format }, context);
  }
  const signed = await readSigned(source, (use) => withRelay(context, use));
  const keys = await knownKeys();
  const judgement = await judgeSignatures(signed, keys, rules, context.modules);
  const fault = await findFault(signed, keys);
  const { console, modules } = context;
  if (format === 'json') console.data(toSafeJson({ action: signed.action, ...judgement, fault: fault?.code ?? null }));
  else {
    for (const line of describeAction(signed.action, modules)) console.note(line);
    for (const outcome of judgement.signatures) console.data(toSignatureLine(outcome, rules));
    for (const verdict of judgement.modules) console.data(toWeightLine(verdict));
    if (fault !== undefined) console.data(`not to be signed or launched: ${escapeText(fault.message)}`);
  }
  const isSigned = judgement.signatures.some(({ kind }) => kind === 'valid');
  return isSigned && fault === undefined && isEnough(judgement.modules) ? exitCodes.found : exitCodes.nothingFound;
}
