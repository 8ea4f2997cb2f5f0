/** One action that the page has open: its answers are taken in as they come, verified and opened here, in this process. */
import type { Module } from '../../../modules/kit/module.ts';
import type { Counts } from '../../../protocol/api/api.ts';
import { clockToleranceMs } from '../../../protocol/base/clock.ts';
import { toMessage } from '../../../protocol/base/coded-error.ts';
import { escapeText } from '../../../protocol/base/escape.ts';
import { sha256Hex } from '../../../protocol/base/identifiers.ts';
import { plural } from '../../../protocol/base/plural.ts';
import type { Answer } from '../../answers/answer.ts';
import { Answers } from '../../answers/answers.ts';
import { hasFound, type Outcome, totalOf } from '../../answers/outcome.ts';
import { describeQuestion } from '../../ask/describe-action.ts';
import type { ReportedAction } from '../../commands/report-answers.ts';
import { doneOf } from '../../print/progress.ts';
import { toCompletenessLine } from '../../print/text.ts';
import { toVerdictLine } from '../../print/verdict.ts';
import type { Relay } from '../../relay/relay.ts';
import { isAnswerWithheld } from '../../witness/heartbeat.ts';
import { FindingTable } from '../findings/finding-table.ts';
import { ViewCache } from '../findings/findings-view.ts';
import type { AgentsQuery, AgentsWindow, CaseFacts, CaseNews, FindingsQuery, FindingsWindow } from '../messages.ts';
import { AgentList, type SilentCommand } from './agent-list.ts';
import { CaseWarnings, type Remembered } from './case-warnings.ts';
import { describeLeft } from './describe-left.ts';
import { LaunchTimes } from './launch-times.ts';

/** Work of one turn: between two, requests of the page are answered. */
const turnMs = 10;
/** The relay is asked for the silent at most this often. */
const silentLifeMs = 3000;

export interface CaseOptions {
  readonly relay: Relay;
  readonly subject: ReportedAction;
  readonly modules: ReadonlyMap<string, Module>;
  readonly remembered: Remembered;
  /** Aborted when the case is closed. */
  readonly signal: AbortSignal;
}

export class Case {
  readonly subject: ReportedAction;
  readonly #relay: Relay;
  readonly #modules: ReadonlyMap<string, Module>;
  readonly #answers: Answers;
  readonly #table: FindingTable;
  readonly #agents = new AgentList();
  readonly #times = new LaunchTimes();
  readonly #views: ViewCache;
  readonly #warnings: CaseWarnings;
  readonly #changed = new Set<() => void>();
  readonly #startedMs = Date.now();
  #counts: Counts;
  #phase: CaseNews['phase'] = 'open';
  #problem: string | null = null;
  #isRelayAway = false;
  #revision = 0;
  /** When the report that is being added came to the relay, since the launch. */
  #reportedSeconds = 0;
  #silent: { readonly list: Promise<readonly SilentCommand[]>; readonly askedMs: number } | undefined;

  constructor({ relay, subject, modules, remembered, signal }: CaseOptions) {
    this.#relay = relay;
    this.#modules = modules;
    this.#warnings = new CaseWarnings(remembered);
    this.subject = subject;
    this.#counts = subject.counts;
    const { action, signedBytes, opener } = subject;
    this.#table = new FindingTable(action, modules);
    this.#views = new ViewCache(this.#table);
    const expected = { action, digest: sha256Hex(signedBytes), opener, modules };
    this.#answers = new Answers(expected, { onAnswer: (answer) => this.#take(answer), signal });
    void this.#follow(signal);
  }

  get facts(): CaseFacts {
    const { id, name, target, fleet, validfrom, expireafter, operations } = this.subject.action;
    const questions = operations.flatMap((operation) =>
      describeQuestion(operation, this.#modules).map((line) => escapeText(`${operation.module}: ${line}`)),
    );
    const columns = this.#table.columns.map(({ name: column, help, kind }) => ({
      name: column,
      help,
      isNumber: kind === 'number',
    }));
    const texts = { name: escapeText(name), target: escapeText(target) };
    return { id, ...texts, fleet, validfrom, expireafter, questions, columns };
  }

  get news(): CaseNews {
    const { action } = this.subject;
    const outcome = this.#outcome;
    const { completeness, found } = outcome;
    const { fully, partly, stopped, refused, failed, silent, notgenuine } = completeness;
    const { queued, sent, running } = this.#counts;
    return {
      id: action.id,
      phase: this.#phase,
      problem: this.#problem,
      isRelayAway: this.#isRelayAway,
      verdict: this.#phase === 'open' ? this.#sayHowFar(outcome) : toVerdictLine(outcome),
      completeness: toCompletenessLine(outcome),
      warnings: [...this.#warnings.lines],
      kinds: { fully, partly, stopped, refused, failed, silent, notgenuine },
      waiting: { queued, sent, running },
      total: totalOf(this.#counts),
      found,
      findings: this.#table.length,
      leftOut: this.#table.leftOut,
      left: describeLeft(this.#counts, doneOf(this.#counts), Date.now() - this.#startedMs),
      bars: this.#times.toBars(),
      times: this.#times.toTimes(),
      revision: this.#revision,
    };
  }

  /** Whether a page follows it now. */
  get isWatched(): boolean {
    return this.#changed.size > 0;
  }

  /** @returns ends the calls. */
  onChange(call: () => void): () => void {
    this.#changed.add(call);
    return () => this.#changed.delete(call);
  }

  toFindings(query: FindingsQuery): FindingsWindow {
    return this.#views.get(query).toWindow(query.from, query.count);
  }

  async toAgents(query: AgentsQuery): Promise<AgentsWindow> {
    return this.#agents.toWindow(this.#outcome, await this.#listSilent(), query);
  }

  get #outcome(): Outcome {
    return this.#answers.tally.toOutcome(this.subject.action, this.#counts);
  }

  /** While answers come, nobody is called silent. */
  #sayHowFar({ found, completeness: { silent } }: Outcome): string {
    const total = totalOf(this.#counts);
    const all = plural(total, 'agent', 'agents');
    return `${plural(found, 'agent has found results', 'agents have found results')} so far; ${total - silent} of ${all} answered`;
  }

  #change(): void {
    this.#revision += 1;
    for (const call of this.#changed) call();
  }

  #take(answer: Answer): void {
    if (answer.kind === 'refusal') return;
    const label = this.#warnings.add(answer);
    this.#table.add(answer, label);
    this.#agents.add(answer, label);
    this.#times.add(this.#reportedSeconds, hasFound(answer));
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { id, validfrom, expireafter } = this.subject.action;
    const launchMs = Date.parse(validfrom) + clockToleranceMs;
    let turnEndsMs = performance.now() + turnMs;
    try {
      for await (const event of this.#relay.follow(id, Date.parse(expireafter), signal)) {
        if (event.kind === 'report') {
          this.#reportedSeconds = (Date.parse(event.report.received) - launchMs) / 1000;
          await this.#answers.add(event.report);
        }
        if (event.kind === 'progress') this.#counts = event.counts;
        if (event.kind === 'away' || event.kind === 'back') this.#isRelayAway = event.kind === 'away';
        this.#change();
        if (performance.now() < turnEndsMs) continue;
        await new Promise((resolve) => setImmediate(resolve));
        turnEndsMs = performance.now() + turnMs;
      }
      for await (const report of this.#relay.listReports(id, this.#answers.lastSequence))
        await this.#answers.add(report);
      await this.#answers.settled();
      const hasSilent = this.#outcome.completeness.silent > 0;
      const silent = hasSilent ? await this.#listSilent() : [];
      this.#warnings.end(id, silent, this.#answers.tally.agentsWithResult);
      this.#phase = 'ended';
    } catch (error) {
      this.#phase = 'broken';
      this.#problem = escapeText(toMessage(error));
    } finally {
      this.#warnings.save();
    }
    this.#change();
  }

  /** As the relay names them, without those that have given an answer. */
  async #listSilent(): Promise<readonly SilentCommand[]> {
    const nowMs = Date.now();
    if (this.#silent === undefined || nowMs - this.#silent.askedMs > silentLifeMs)
      this.#silent = { list: this.#readSilent(), askedMs: nowMs };
    const list = await this.#silent.list;
    return list.filter(({ agent }) => !this.#answers.tally.hasHeard(agent));
  }

  async #readSilent(): Promise<readonly SilentCommand[]> {
    const { id } = this.subject.action;
    const silent: SilentCommand[] = [];
    for await (const command of this.#relay.listCommands(id, true))
      silent.push({ ...command, isWithheld: isAnswerWithheld(command.agent, command.heartbeat, id, Date.now()) });
    return silent;
  }
}
