/** Stores agents' messages on commands: report, state and counts in one transaction. Storing one again changes nothing. */
import type { AgentMessage, Heartbeat } from '../../protocol/agent-message/agent-message.ts';
import { type ActionId, type AgentId, type CommandId, commandIdOf } from '../../protocol/base/identifiers.ts';
import { lockCommands, moveCommands, type ReportedState, type StateChange } from '../database/commands.ts';
import { deleteFromOutbox } from '../database/outbox.ts';
import { insertReports, type NewReport } from '../database/reports.ts';
import type { Tx } from '../database/schema.ts';
import { type Intake, readMessages } from './read-messages.ts';

interface SignedReport {
  readonly message: Exclude<AgentMessage, Heartbeat>;
  readonly bytes: Buffer;
}

interface MatchedReport {
  readonly message: SignedReport['message'];
  /** The report came before the command was recorded as sent. */
  readonly inOutbox: boolean;
  /** Null for what changes a state and is not kept. */
  readonly report: NewReport | null;
}

function toReport(command: { id: CommandId; action: ActionId; agent: AgentId }, { message, bytes }: SignedReport) {
  if (message.kind === 'running') return null;
  const { kind } = message;
  const code = kind === 'refusal' ? message.code : null;
  return { command: command.id, action: command.action, agent: command.agent, kind, code, message: bytes };
}

function readReports(bodies: readonly Buffer[], intake: Intake): SignedReport[] {
  const reports: SignedReport[] = [];
  for (const { message, bytes } of readMessages(bodies, intake)) {
    if (message.kind === 'heartbeat') intake.poison.add('unexpected-kind', bytes);
    else if (message.kind === 'result' && commandIdOf(message.action, message.agent) !== message.command)
      intake.poison.add('unknown-command', bytes);
    else reports.push({ message, bytes });
  }
  return reports;
}

/** Adds action and agent as the database knows them, and locks the actions; reports for no command, or for another agent's, are dropped. */
async function matchCommands(
  tx: Tx,
  reports: readonly SignedReport[],
  poison: Intake['poison'],
): Promise<MatchedReport[]> {
  const rows = await lockCommands(tx, [...new Set(reports.map(({ message }) => message.command))]);
  const commands = new Map(rows.map((row) => [row.id, row]));
  const matches: MatchedReport[] = [];
  for (const report of reports) {
    const { message, bytes } = report;
    const command = commands.get(message.command);
    if (command === undefined || command.agent !== message.agent) {
      poison.add('unknown-command', bytes);
      continue;
    }
    matches.push({ message, inOutbox: command.state === 'queued', report: toReport(command, report) });
  }
  return matches;
}

function stateOf(message: SignedReport['message']): ReportedState {
  if (message.kind === 'result') return message.state;
  // An agent that refuses a command as replayed has taken it before: its report is on its way.
  return message.kind === 'refusal' && message.code !== 'replayed' ? 'refused' : 'running';
}

/** Of several messages on a command the heaviest counts; of two results the first. */
const weights = { running: 0, refusal: 1, result: 2 } as const;

function toMoves(matches: readonly MatchedReport[]): StateChange[] {
  const decisive = new Map<CommandId, SignedReport['message']>();
  for (const { message } of matches) {
    const before = decisive.get(message.command);
    if (before === undefined || weights[message.kind] > weights[before.kind]) decisive.set(message.command, message);
  }
  return [...decisive].map(([id, message]) => ({ id, state: stateOf(message) }));
}

export async function storeReports(intake: Intake, bodies: readonly Buffer[]): Promise<void> {
  const reports = readReports(bodies, intake);
  if (reports.length === 0) return;
  await intake.database.db.transaction().execute(async (tx) => {
    const matches = await matchCommands(tx, reports, intake.poison);
    if (matches.length === 0) return;
    await insertReports(
      tx,
      matches.map(({ report }) => report).filter((report) => report !== null),
    );
    await moveCommands(tx, toMoves(matches));
    await deleteFromOutbox(
      tx,
      matches.filter(({ inOutbox }) => inOutbox).map(({ message }) => message.command),
    );
  });
}
