/** `mig verify FILE` of evidence: offline, with nothing but the file. */

import type { PublicKey } from 'openpgp';
import type { Action } from '../../protocol/action/action.ts';
import { parseSignedBytes } from '../../protocol/action/envelope.ts';
import { escapeText } from '../../protocol/base/escape.ts';
import { type Fingerprint, sha256Hex } from '../../protocol/base/identifiers.ts';
import { plural } from '../../protocol/base/plural.ts';
import { toSigners } from '../../protocol/environment/acl.ts';
import { ResultOpener } from '../../protocol/result/sealed.ts';
import type { Answer } from '../answers/answer.ts';
import { Answers } from '../answers/answers.ts';
import { type EvidenceFile, readEvidenceFile } from '../answers/evidence/evidence.ts';
import { type EvidenceJudgement, judgeEvidence } from '../answers/evidence/judge-evidence.ts';
import { describeAction } from '../ask/describe-action.ts';
import {
  type EnvironmentRules,
  isEnough,
  judgeModules,
  type ModuleVerdict,
  toWeightLine,
} from '../ask/judge-signatures.ts';
import { toPublicHalf } from '../ask/wrapped-reply-key.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { describeOwner } from '../keys/describe-owner.ts';
import type { PublicKeyFile } from '../keys/public-key-file.ts';
import { openPrinter } from '../print/open-printer.ts';
import type { Console } from '../terminal/console.ts';
import type { CommandContext } from './context.ts';

export interface EvidenceOptions {
  /** Keys from elsewhere: those in the file vouch for themselves. */
  readonly known: readonly PublicKeyFile[];
  readonly rules: EnvironmentRules | undefined;
  readonly format: 'text' | 'json';
}

/** Says whose a key is, and whether that is more than the file's own word. */
type Namer = (fingerprint: Fingerprint) => string;

function namerOf(keys: ReadonlyMap<Fingerprint, PublicKey>, known: readonly PublicKeyFile[]): Namer {
  return (fingerprint) => {
    const file = known.find((key) => key.fingerprint === fingerprint);
    const worth = file === undefined ? 'compare the fingerprint elsewhere' : `a key that you have: ${file.name}`;
    return `${escapeText(describeOwner(fingerprint, keys.get(fingerprint)))} (${worth})`;
  };
}

interface Checked {
  readonly action: Action;
  readonly signers: readonly Fingerprint[];
  readonly verdicts: readonly ModuleVerdict[];
  /** Why it is not to be believed, as far as that can be told without the answers. */
  readonly faults: readonly string[];
}

async function check(
  signedBytes: Uint8Array,
  { evidence, exporter }: EvidenceFile,
  { isWhole, why, signatures }: EvidenceJudgement,
  { known, rules, modules }: EvidenceOptions & Pick<CommandContext, 'modules'>,
  nameOf: Namer,
): Promise<Checked> {
  const action = parseSignedBytes(signedBytes);
  const signers = signatures.flatMap((outcome) => (outcome.kind === 'valid' ? [outcome.signer] : []));
  const vouching = [...signers, ...(isWhole ? [exporter] : [])];
  const isVouchedFor = known.length === 0 || known.some(({ fingerprint }) => vouching.includes(fingerprint));
  const verdicts =
    rules === undefined ? [] : judgeModules(action, toSigners(rules.investigators, signers), rules, modules);
  const faults = [
    isWhole ? '' : `NOT as ${nameOf(exporter)} exported it: ${escapeText(why ?? '')}`,
    signers.length > 0 ? '' : 'NOT signed by anybody whose key is in it',
    isVouchedFor ? '' : 'none of the keys that you named has signed anything in it: it may all be made up',
    toPublicHalf(evidence.replykey) === action.replykey ? '' : 'NOT the key for the answers to this action',
    isEnough(verdicts) ? '' : 'NOT signed by enough people for these agents',
  ];
  return { action, signers, verdicts, faults: faults.filter((fault) => fault !== '') };
}

/** Prints who vouches for it and who signed the question. */
function printSigners(
  { evidence, exporter }: EvidenceFile,
  { isWhole, signatures }: EvidenceJudgement,
  nameOf: Namer,
  { note }: Console,
): void {
  if (isWhole)
    note(`whole as ${nameOf(exporter)} exported it from ${escapeText(evidence.server)} at ${evidence.exported}`);
  for (const outcome of signatures)
    note(
      outcome.kind === 'valid'
        ? `signed by ${nameOf(outcome.signer)}`
        : `a signature that counts nothing: ${outcome.kind}`,
    );
}

/** What is wrong with it is said first, before anybody reads on, and last. @throws CodedError<EvidenceCode | JudgeCode | 'malformed'> */
export async function verifyEvidence(
  path: string,
  options: EvidenceOptions,
  { console, modules, signal }: CommandContext,
): Promise<ExitCode> {
  const file = readEvidenceFile(path);
  const { evidence } = file;
  const signedBytes = Buffer.from(evidence.envelope.payload, 'base64');
  const judgement = await judgeEvidence(file);
  const nameOf = namerOf(judgement.keys, options.known);
  const { action, signers, verdicts, faults } = await check(
    signedBytes,
    file,
    judgement,
    { ...options, modules },
    nameOf,
  );
  const sayFaults = (found: readonly string[]): void => {
    for (const fault of found) console.note(console.paintNote('bad', fault));
  };
  sayFaults(faults);
  for (const line of describeAction(action, modules)) console.note(line);
  printSigners(file, judgement, nameOf, console);
  for (const verdict of verdicts) console.note(toWeightLine(verdict));
  const by = signers.map((signer) => describeOwner(signer, judgement.keys.get(signer)));
  const printer = await openPrinter(options.format, { asked: action, by, modules, show: 'all', console });
  const opener = new ResultOpener(evidence.replykey);
  const onAnswer = (answer: Answer): void => {
    if (answer.kind === 'result') printer.result(answer);
  };
  const digest = sha256Hex(signedBytes);
  const answers = new Answers({ action, digest, opener, modules }, { onAnswer, signal });
  for (const report of evidence.reports) await answers.add(report);
  await answers.settled();
  const outcome = answers.tally.toOutcome(action, evidence.counts);
  printer.end(outcome);
  const { notgenuine } = outcome.completeness;
  const all = notgenuine === 0 ? faults : [...faults, `NOT genuine: ${plural(notgenuine, 'answer', 'answers')}`];
  sayFaults(all);
  return all.length === 0 ? exitCodes.found : exitCodes.nothingFound;
}
