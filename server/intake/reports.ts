/** Stores agents' messages on commands: report, state and counts in one statement. Storing one again changes nothing. */
import type { AgentMessage, Heartbeat } from '../../protocol/agent-message/agent-message.ts';
import { commandIdOf } from '../../protocol/base/identifiers.ts';
import { type ReportedState, writeReports } from '../database/reports.ts';
import { type Intake, readMessages } from './read-messages.ts';

interface SignedReport {
  readonly message: Exclude<AgentMessage, Heartbeat>;
  readonly bytes: Buffer;
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

function stateOf(message: SignedReport['message']): ReportedState {
  if (message.kind === 'result') return message.state;
  // An agent that refuses a command as replayed has taken it before: its report is on its way.
  return message.kind === 'refusal' && message.code !== 'replayed' ? 'refused' : 'running';
}

/** Of several messages on a command the heaviest counts; of two results the first. */
const weights = { running: 0, refusal: 1, result: 2 } as const;

/** @returns the message on each command of each agent that decides its state. */
function findDecisive(reports: readonly SignedReport[]): ReadonlySet<SignedReport['message']> {
  const decisive = new Map<string, SignedReport['message']>();
  for (const { message } of reports) {
    const key = `${message.command} ${message.agent}`;
    const before = decisive.get(key);
    if (before === undefined || weights[message.kind] > weights[before.kind]) decisive.set(key, message);
  }
  return new Set(decisive.values());
}

export async function storeReports(intake: Intake, bodies: readonly Buffer[]): Promise<void> {
  const reports = readReports(bodies, intake);
  if (reports.length === 0) return;
  const decisive = findDecisive(reports);
  const incoming = reports.map(({ message, bytes }) => ({
    command: message.command,
    agent: message.agent,
    kind: message.kind,
    code: message.kind === 'refusal' ? message.code : null,
    state: decisive.has(message) ? stateOf(message) : null,
    message: bytes,
  }));
  const dropped = new Set(await writeReports(intake.database.db, incoming));
  for (const [index, { bytes }] of reports.entries())
    if (dropped.has(index)) intake.poison.add('unknown-command', bytes);
}
