/** Prints the answers of an action that the relay has. Asking, following, showing and launching share it. */

import type { Action } from '../../protocol/action/action.ts';
import type { CommandRecord, Counts } from '../../protocol/api/api.ts';
import { escapeWord } from '../../protocol/base/escape.ts';
import { type ActionId, sha256Hex } from '../../protocol/base/identifiers.ts';
import { plural } from '../../protocol/base/plural.ts';
import type { ResultOpener } from '../../protocol/result/sealed.ts';
import type { Answer, ResultAnswer } from '../answers/answer.ts';
import { Answers } from '../answers/answers.ts';
import { type Outcome, toExitCode, totalOf } from '../answers/outcome.ts';
import type { AnswerOptions } from '../cli/common-flags.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { requireSetting } from '../cli/require-settings.ts';
import type { Settings } from '../cli/settings.ts';
import type { PublicHalf } from '../keys/describe-owner.ts';
import { toLabel } from '../print/label.ts';
import { openPrinter } from '../print/open-printer.ts';
import type { Printer } from '../print/printer.ts';
import { doneOf, type Progress, startProgress, toCountsLine } from '../print/progress.ts';
import type { Relay } from '../relay/relay.ts';
import { TrustVersions } from '../trust/describe-trust.ts';
import { KnownAgents } from '../witness/known-agents.ts';
import { Newcomers } from '../witness/newcomers.ts';
import { describeWithheld } from '../witness/withheld.ts';
import { WitnessStore } from '../witness/witness-store.ts';
import type { CommandContext } from './context.ts';
import { type FollowOutcome, follow } from './follow.ts';
import { type AgentNames, nameAgents } from './name-agents.ts';

export interface ReportedAction {
  readonly action: Action;
  readonly signedBytes: Uint8Array;
  /** Armored. */
  readonly signatures: readonly string[];
  readonly opener: ResultOpener;
  /** Counts that are known now. */
  readonly counts: Counts;
}

export interface ReportOptions extends AnswerOptions {
  /** Until the end, or only what has come so far. */
  readonly until: 'end' | 'now';
  /** The key of the person who asks. */
  readonly key: PublicHalf;
  /** Where the keys of others who may have signed are. */
  readonly keyPaths?: readonly string[];
}

/** Warns, before the result, of a known name with a new id. Of those that follow, it is said at the end, in one line. */
function warning(printer: Printer, known: KnownAgents, { console }: CommandContext): Printer {
  const newcomers = new Newcomers(known);
  const result = (answer: ResultAnswer): void => {
    const said = newcomers.add(answer);
    if (said !== undefined) console.note(`${console.paintNote('warning', said.subject)} ${said.words}`);
    printer.result(answer);
  };
  const end = (outcome: Outcome): void => {
    const more = newcomers.describeMore();
    if (more !== undefined) console.note(more);
    printer.end(outcome);
  };
  return { result, end };
}

/** Notices which trust lists those who answer go by. */
function noticing(printer: Printer, trust: TrustVersions): Printer {
  const result = (answer: ResultAnswer): void => {
    if (answer.trust !== undefined) trust.add(answer.trust);
    printer.result(answer);
  };
  return { ...printer, result };
}

/** What an agent is at that has not answered. */
const waitingWords: Partial<Readonly<Record<CommandRecord['state'], string>>> = {
  queued: 'offline',
  sent: 'asked',
  running: 'at work',
};

/** As the server names them. */
async function nameWaiting(relay: Relay, action: ActionId, most: number): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, state } of relay.listCommands(action, true)) {
    if (waitingWords[state] !== undefined) names.push(`${escapeWord(name)} (${waitingWords[state]})`);
    if (names.length === most) break;
  }
  return names;
}

/** Takes in what has come so far, or until the end. */
async function collect(
  relay: Relay,
  answers: Answers,
  { action, counts, progress }: ReportedAction & { readonly progress: Progress | undefined },
  { console, signal }: CommandContext,
): Promise<Pick<FollowOutcome, 'counts' | 'broken'>> {
  const { expireafter } = action;
  if (progress !== undefined) return follow(relay, { answers, counts, progress, expireafter }, console, signal);
  let broken: unknown;
  try {
    for await (const report of relay.listReports(action.id)) await answers.add(report);
  } catch (error) {
    broken = error;
  }
  await answers.settled();
  console.note(toCountsLine(counts));
  return { counts, broken };
}

async function nameSigners(
  { signedBytes, signatures }: ReportedAction,
  { key, keyPaths }: ReportOptions,
  { keysPath }: Settings,
): Promise<string[]> {
  const { describeSigners } = await import('../keys/describe-owner.ts');
  const paths = keyPaths ?? (keysPath === undefined ? [] : [keysPath]);
  return describeSigners(signedBytes, signatures, key, paths);
}

export async function reportAnswers(
  relay: Relay,
  subject: ReportedAction,
  options: ReportOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { console, modules, signal } = context;
  const { action, signedBytes, opener } = subject;
  const settings = context.settings();
  const server = requireSetting(settings, 'server');
  console.setPrintAgain(`mig show ${action.id}`);
  const known = new KnownAgents(settings.stateDirectory, server, action.fleet, context.keeper);
  const label = (result: ResultAnswer): string => toLabel(result, known.isShared(result.name));
  // The only format that names who signed; to read keys takes its time.
  const by = options.format === 'html' ? await nameSigners(subject, options, settings) : [];
  const { show, format, view } = options;
  const plain = await openPrinter(format, { asked: action, by, modules, show, view, console, label });
  const trust = new TrustVersions();
  const printer = noticing(warning(plain, known, context), trust);
  const listWaiting = (most: number): Promise<string[]> => nameWaiting(relay, action.id, most);
  const progress = options.until === 'end' ? startProgress(subject.counts, console, listWaiting) : undefined;
  const onAnswer = (answer: Answer): void => {
    if (answer.kind === 'refusal') return;
    if (progress === undefined) printer.result(answer);
    else progress.around(() => printer.result(answer));
  };
  const answers = new Answers({ action, digest: sha256Hex(signedBytes), opener, modules }, { onAnswer, signal });
  const { counts, broken } = await collect(relay, answers, { ...subject, progress }, context);
  known.save();
  const summary = answers.tally.toOutcome(action, counts);
  const {
    silent,
    names,
    broken: unnamed,
  }: AgentNames = signal.aborted ? { silent: [], names: new Map() } : await nameAgents(relay, answers, summary);
  const named = silent.map(({ agent, name, state }) => ({ agent, name, state }));
  const outcome = answers.tally.toOutcome(action, counts, { silent: named, names });
  printer.end(outcome);
  if (outcome.completeness.stopped > 0)
    console.note(
      'stopped agents have not looked at all that was asked; if none of you stopped it (mig cancel), ask again',
    );
  for (const line of trust.summarise(Date.now())) console.note(line);
  for (const { subject: word, words } of describeWithheld(silent, action.id, Date.now()))
    console.note(`${console.paintNote('bad', word)}: ${words}`);
  const store = new WitnessStore(settings.stateDirectory, server, context.keeper);
  store.hear(answers.tally.agentsWithResult, Date.now());
  if (signal.aborted) {
    console.note(`the action goes on until ${action.expireafter}; come back to it with: mig follow ${action.id}`);
    return exitCodes.interrupted;
  }
  // Whatever the relay did, what there was has been printed by now.
  for (const error of [broken, unnamed]) if (error !== undefined) throw error;
  const waiting = totalOf(counts) - doneOf(counts);
  if (waiting > 0)
    console.note(
      `${plural(waiting, 'agent', 'agents')} can still answer until ${action.expireafter}: mig follow ${action.id}`,
    );
  return toExitCode(outcome);
}
