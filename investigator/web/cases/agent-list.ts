/** The agents of one action by how they answered: who is silent, who looked at a part only, and why. */
import type { CommandRecord } from '../../../protocol/api/api.ts';
import { escapeText, escapeWord } from '../../../protocol/base/escape.ts';
import type { AgentId } from '../../../protocol/base/identifiers.ts';
import { targetLimits } from '../../../protocol/target/tree.ts';
import type { ResultAnswer } from '../../answers/answer.ts';
import { foundStateOf, gradeOf, type Outcome } from '../../answers/outcome.ts';
import { describeGaps } from '../../print/gaps.ts';
import { toShortId } from '../../print/label.ts';
import type { AgentRow, AgentsQuery, AgentsWindow, Reason } from '../messages.ts';

/** Words for what the relay says of an agent without an answer. */
const silentWords: Partial<Readonly<Record<CommandRecord['state'], string>>> = {
  queued: 'offline: the question waits for it',
  sent: 'asked, has not begun',
  running: 'at work',
  expired: 'the action ended before it answered',
  cancelled: 'the action was cancelled before it answered',
  succeeded: 'the relay says that it answered, and shows nothing',
  failed: 'the relay says that it failed, and shows nothing',
  refused: 'the relay says that it refused, and shows nothing',
};

interface ReasonSum {
  count: number;
  hosts: number;
}

export interface SilentCommand extends CommandRecord {
  readonly isWithheld: boolean;
}

export class AgentList {
  readonly #rows = new Map<AgentId, AgentRow>();
  readonly #reasons = new Map<string, ReasonSum>();

  add(result: ResultAnswer, label: string): void {
    const kind = gradeOf(result);
    const errors = result.operations.flatMap((operation) => operation.errors).map(escapeText);
    const gaps = describeGaps(result);
    const detail = [...errors, ...(gaps === '' ? [] : [escapeText(gaps)])].join(' · ');
    const found = foundStateOf(result);
    this.#rows.set(result.agent, { agent: result.agent, name: label, kind, found, isWithheld: false, detail });
    for (const { receipt } of result.operations)
      for (const { reason, count } of receipt.skipped) if (count > 0) this.#addReason(reason, count);
    for (const error of new Set(errors)) this.#addReason(error, 1);
  }

  /** Refusals and reports that are not genuine, as the outcome has them, and the silent as the relay names them. */
  toWindow(
    { refusals, notGenuine }: Pick<Outcome, 'refusals' | 'notGenuine'>,
    silent: readonly SilentCommand[],
    { kind, filter, from, count }: AgentsQuery,
  ): AgentsWindow {
    const rows: AgentRow[] = [
      ...silent.map((command) => toSilentRow(command)),
      ...refusals.map(({ agent, code, altered }) =>
        toRow(agent, 'refused', `${code}${altered ? ': it was given other bytes than were signed' : ''}`),
      ),
      ...notGenuine.examples.map(({ agent, code }) => toRow(agent, 'notgenuine', code)),
      ...this.#rows.values(),
    ];
    const words = filter
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const shown = rows.filter(
      (row) =>
        (kind === 'all' || row.kind === kind || (kind === 'found' && row.found === 'yes')) &&
        words.every((word) => `${row.name} ${row.agent} ${row.detail}`.toLowerCase().includes(word)),
    );
    return {
      total: shown.length,
      from,
      rows: shown.slice(from, from + count),
      reasons: this.#toReasons(),
      target: toTarget(shown),
    };
  }

  #addReason(reason: string, count: number): void {
    const sum = this.#reasons.get(reason) ?? { count: 0, hosts: 0 };
    this.#reasons.set(reason, { count: sum.count + count, hosts: sum.hosts + 1 });
  }

  #toReasons(): Reason[] {
    const reasons = [...this.#reasons].map(([reason, sum]) => ({ reason, ...sum }));
    return reasons.sort((left, right) => right.hosts - left.hosts || right.count - left.count).slice(0, 50);
  }
}

function toRow(agent: AgentId, kind: AgentRow['kind'], detail: string): AgentRow {
  return { agent, name: toShortId(agent), kind, found: 'unknown', isWithheld: false, detail };
}

function toSilentRow({ agent, name, state, isWithheld }: SilentCommand): AgentRow {
  const detail = isWithheld
    ? 'withheld: its own heartbeat says that it has answered, and the relay does not show it'
    : (silentWords[state] ?? state);
  return { ...toRow(agent, 'silent', detail), name: name === '' ? toShortId(agent) : escapeWord(name), isWithheld };
}

/** The agents of a list as a condition; one that is too long asks nobody. */
function toTarget(rows: readonly AgentRow[]): string {
  if (rows.length === 0 || rows.length > targetLimits.values) return '';
  return `id IN (${rows.map(({ agent }) => `'${agent}'`).join(', ')})`;
}
