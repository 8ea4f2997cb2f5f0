/** Compares the relay's data on an action with the agents' own records. */
import * as z from 'zod';
import { findBrokenLink, readAuditLog } from '../../agent/state/audit-log.ts';
import { identityDirectory, readIdentity } from '../../agent/state/identity.ts';
import type { Counts } from '../../protocol/api/api.ts';
import type { ActionId } from '../../protocol/base/identifiers.ts';
import { countRuns } from './agent.ts';
import type { Platform } from './platform.ts';

/** The differences, in words; empty when there are none. */
type Findings = string[];

export interface AskedAction {
  readonly id: ActionId;
  /** The path in the action; no other action asks for it. */
  readonly path: string;
}

export interface Account {
  readonly succeeded: number;
  /** Killed in the middle: the agent reports that, and does not run it again. */
  readonly interrupted: number;
  readonly findings: Findings;
}

const CommandRow = z.object({ agent: z.string(), state: z.string(), results: z.coerce.number() });

/** Counts the rows of the tables, not the running counters. */
async function readCommands(platform: Platform, action: ActionId) {
  const { rows } = await platform.sql.query(
    `SELECT commands.agent, commands.state, count(reports.sequence) AS results
     FROM commands LEFT JOIN reports ON reports.command = commands.id AND reports.kind = 'result'
     WHERE commands.action = $1 GROUP BY commands.id`,
    [action],
  );
  return rows.map((row) => CommandRow.parse(row));
}

async function readCounts(platform: Platform, action: ActionId): Promise<Counts> {
  const { rows } = await platform.sql.query('SELECT * FROM action_counts WHERE action = $1', [action]);
  return rows[0];
}

interface AgentRecord {
  readonly id: string;
  /** Times that the module ran for the action. */
  readonly runs: number;
  /** Results that the agent put into its outbox. */
  readonly answers: number;
}

function readAgents(platform: Platform, { id, path }: AskedAction, findings: Findings): AgentRecord[] {
  return platform.agentDirectories.map((state) => {
    const identity = readIdentity(state);
    if (identity === null) throw new Error(`expected an identity in ${state}`);
    const directory = identityDirectory(state, identity);
    const entries = readAuditLog(directory);
    const broken = findBrokenLink(entries);
    if (broken !== null) findings.push(`audit log of ${identity.id} broken at entry ${broken}`);
    return {
      id: identity.id,
      runs: countRuns(state, path),
      answers: entries.filter(({ event }) => event.kind === 'reported' && event.action === id).length,
    };
  });
}

/** Call it when the relay reports the action as over. */
export async function settle(platform: Platform, action: AskedAction): Promise<Account> {
  const findings: Findings = [];
  const agents = readAgents(platform, action, findings);
  const commands = new Map((await readCommands(platform, action.id)).map((row) => [row.agent, row]));
  const counts = await readCounts(platform, action.id);
  for (const { id, runs, answers } of agents) {
    const command = commands.get(id);
    const about = `${action.id} for ${id}`;
    if (runs > 1) findings.push(`${about} ran ${runs} times`);
    if (answers > 1) findings.push(`${about} was answered ${answers} times`);
    if (command === undefined) findings.push(`${about} has no command`);
    else if (command.results !== 1) findings.push(`${about} has ${command.results} results, state ${command.state}`);
    else if (!['succeeded', 'failed'].includes(command.state)) findings.push(`${about} ended as ${command.state}`);
  }
  if (commands.size !== agents.length) findings.push(`${action.id} has ${commands.size} commands`);
  const having = (state: string): number => [...commands.values()].filter((command) => command.state === state).length;
  const [succeeded, failed] = [having('succeeded'), having('failed')];
  if (counts.succeeded !== succeeded || counts.failed !== failed)
    findings.push(`${action.id} counts ${JSON.stringify(counts)}, has ${succeeded} succeeded and ${failed} failed`);
  return { succeeded, interrupted: failed, findings };
}
