/** `mig verify FILE` of evidence: offline, with nothing but the file. */

import { parseSignedBytes } from '../../protocol/action/envelope.ts';
import { escapeText } from '../../protocol/base/escape.ts';
import { type Fingerprint, sha256Hex } from '../../protocol/base/identifiers.ts';
import { toSigners } from '../../protocol/environment/acl.ts';
import { ResultOpener } from '../../protocol/result/sealed.ts';
import type { Answer } from '../answers/answer.ts';
import { Answers } from '../answers/answers.ts';
import { readEvidenceFile } from '../answers/evidence/evidence.ts';
import { judgeEvidence } from '../answers/evidence/judge-evidence.ts';
import { describeAction } from '../ask/describe-action.ts';
import { type EnvironmentRules, isEnough, judgeModules, toWeightLine } from '../ask/judge-signatures.ts';
import { toPublicHalf } from '../ask/wrapped-reply-key.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import type { PublicKeyFile } from '../keys/public-key-file.ts';
import { openPrinter } from '../print/open-printer.ts';
import type { CommandContext } from './context.ts';

export interface EvidenceOptions {
  /** Keys from elsewhere: those in the file vouch for themselves. */
  readonly known: readonly PublicKeyFile[];
  readonly rules: EnvironmentRules | undefined;
  readonly format: 'text' | 'json';
}

/** @throws CodedError<EvidenceCode | JudgeCode | 'malformed'> */
export async function verifyEvidence(
  path: string,
  { known, rules, format }: EvidenceOptions,
  { console, modules, signal }: CommandContext,
): Promise<ExitCode> {
  const file = readEvidenceFile(path);
  const { evidence, exporter } = file;
  const signedBytes = Buffer.from(evidence.envelope.payload, 'base64');
  const action = parseSignedBytes(signedBytes);
  const { isWhole, why, signatures } = await judgeEvidence(file);
  const signers = signatures.flatMap((outcome) => (outcome.kind === 'valid' ? [outcome.signer] : []));
  const isOfAction = toPublicHalf(evidence.replykey) === action.replykey;
  const vouching = [...signers, ...(isWhole ? [exporter] : [])];
  const isVouchedFor = known.length === 0 || known.some(({ fingerprint }) => vouching.includes(fingerprint));
  const verdicts = rules === undefined ? [] : judgeModules(action, toSigners(rules.investigators, signers), rules);
  for (const line of describeAction(action, modules)) console.note(line);
  const isKnown = (fingerprint: Fingerprint): string =>
    known.some((key) => key.fingerprint === fingerprint) ? 'a key that you have' : 'compare the fingerprint elsewhere';
  console.note(
    isWhole
      ? `whole as ${exporter} exported it from ${escapeText(evidence.server)} at ${evidence.exported} (${isKnown(exporter)})`
      : `NOT as ${exporter} exported it: ${escapeText(why ?? '')}`,
  );
  for (const outcome of signatures)
    console.note(
      outcome.kind === 'valid'
        ? `signed by ${outcome.signer} (${isKnown(outcome.signer)})`
        : `a signature that counts nothing: ${outcome.kind}`,
    );
  if (!isVouchedFor) console.note('none of the keys that you named has signed anything in it: it may all be made up');
  if (!isOfAction) console.note('NOT the key for the answers to this action');
  for (const verdict of verdicts) console.note(toWeightLine(verdict));
  const printer = await openPrinter(format, { asked: action, by: exporter, modules, show: 'all', console });
  const opener = new ResultOpener(evidence.replykey);
  const onAnswer = (answer: Answer): void => {
    if (answer.kind === 'result') printer.result(answer);
  };
  const answers = new Answers({ action, digest: sha256Hex(signedBytes), opener, modules }, { onAnswer, signal });
  for (const report of evidence.reports) await answers.add(report);
  await answers.settled();
  const outcome = answers.tally.toOutcome(action, evidence.counts);
  printer.end(outcome);
  const isSigned = isWhole && signers.length > 0 && isVouchedFor && isEnough(verdicts);
  const isGood = isSigned && isOfAction && outcome.completeness.notgenuine === 0;
  return isGood ? exitCodes.found : exitCodes.nothingFound;
}
