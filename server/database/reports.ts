/** Statements on reports: what agents sent, in the order in which it became visible. */
import { sql } from 'kysely';
import type { CommandState } from '../../protocol/api/api.ts';
import type { ActionId, AgentId, CommandId } from '../../protocol/base/identifiers.ts';
import { openStates } from './command-states.ts';
import { pageBytes } from './page.ts';
import { prepared } from './prepared.ts';
import type { Db } from './schema.ts';

/** States that an agent can report. */
export type ReportedState = Exclude<CommandState, 'queued' | 'sent' | 'expired'>;

/** What an agent said of a command. */
export interface IncomingReport {
  readonly command: CommandId;
  readonly agent: AgentId;
  /** `running` changes a state and is not kept. */
  readonly kind: 'running' | 'result' | 'refusal';
  /** The refusal's code; null for the others. */
  readonly code: string | null;
  /** Null where another report on the same command counts for more. At most one of a command and agent has a state. */
  readonly state: ReportedState | null;
  /** As it was signed. */
  readonly message: Uint8Array;
}

/** The messages as one value, and where each begins in it, counted from 1. */
function joinMessages(reports: readonly IncomingReport[]) {
  const [first] = reports;
  const sizes = reports.map(({ message }) => message.length);
  let end = 1;
  const starts = sizes.map((size) => {
    end += size;
    return end - size;
  });
  const isOne = first !== undefined && reports.length === 1;
  return { starts, sizes, joined: isOne ? first.message : Buffer.concat(reports.map(({ message }) => message)) };
}

/**
 * Stores reports, moves their commands on and takes these from the outbox, in one statement. Each action is locked before its
 * reports get their sequences, so that no reader misses one. What is there already is left out. A result is worth more than
 * the reason why there was none: it also comes after `refused`, `expired` and `cancelled`.
 * @returns indices of reports on no command, or on another agent's: they are dropped.
 */
export async function writeReports(db: Db, reports: readonly IncomingReport[]): Promise<readonly number[]> {
  const { starts, sizes, joined } = joinMessages(reports);
  const valuesOf = <Key extends keyof IncomingReport>(key: Key) => reports.map((report) => report[key]);
  const { rows } = await sql<{ readonly place: number }>`${prepared('write-reports')}
    WITH given AS MATERIALIZED (
      SELECT * FROM unnest(
        ${valuesOf('command')}::text[], ${valuesOf('agent')}::text[], ${valuesOf('kind')}::text[],
        ${valuesOf('code')}::text[], ${valuesOf('state')}::text[], ${starts}::integer[], ${sizes}::integer[]
      ) WITH ORDINALITY AS given (command, agent, kind, code, state, start, sizebytes, place)
    ), locked AS MATERIALIZED (
      SELECT commands.id, commands.action, commands.agent, commands.state
      FROM commands JOIN action_counts ON action_counts.action = commands.action
      WHERE commands.id = ANY (${valuesOf('command')}::text[])
      ORDER BY commands.action FOR UPDATE OF action_counts
    ), matched AS MATERIALIZED (
      SELECT given.*, locked.action, locked.state AS statebefore
      FROM given JOIN locked ON locked.id = given.command AND locked.agent = given.agent
    ), stored AS (
      INSERT INTO reports (command, action, agent, kind, code, sizebytes, message)
      SELECT command, action, agent, kind, code, sizebytes, substring(${joined}::bytea FROM start FOR sizebytes)
      FROM matched WHERE kind <> 'running' ORDER BY place
      ON CONFLICT DO NOTHING
    ), moved AS (
      UPDATE commands SET state = matched.state FROM matched
      WHERE commands.id = matched.command AND CASE matched.state
        WHEN 'running' THEN commands.state IN ('queued', 'sent')
        WHEN 'refused' THEN commands.state IN (${sql.join(openStates)})
        ELSE commands.state NOT IN ('succeeded', 'failed')
      END AND matched.state IS NOT NULL
    ), taken AS (
      DELETE FROM outbox USING matched WHERE outbox.command = matched.command AND matched.statebefore = 'queued'
    )
    SELECT given.place::integer - 1 AS place FROM given
    WHERE NOT EXISTS (SELECT FROM matched WHERE matched.place = given.place)`.execute(db);
  return rows.map(({ place }) => place);
}

export interface ReportRow {
  readonly sequence: number;
  readonly command: CommandId;
  readonly agent: AgentId;
  readonly kind: 'result' | 'refusal';
  readonly received: Date;
  readonly message: Uint8Array;
}

export interface ReportsPage {
  readonly reports: readonly ReportRow[];
  /** Whether the page was full: it says nothing of reports that come after it. */
  readonly isMore: boolean;
}

/** The next reports of an action, fewer than `limit` when they are large. */
export async function listReports(db: Db, action: ActionId, after: number, limit: number): Promise<ReportsPage> {
  const { rows } = await sql<ReportRow>`${prepared('list-reports')}
    SELECT sequence, command, agent, kind, received, message
    FROM (
      SELECT *, sum(sizebytes) OVER (ORDER BY sequence) - sizebytes AS bytesbefore
      FROM (
        SELECT * FROM reports WHERE action = ${action} AND sequence > ${after} ORDER BY sequence LIMIT ${limit}
      ) AS candidates
    ) AS measured
    WHERE bytesbefore < ${pageBytes}
    ORDER BY sequence`.execute(db);
  const sizeBytes = rows.reduce((sum, { message }) => sum + message.length, 0);
  return { reports: rows, isMore: rows.length === limit || sizeBytes >= pageBytes };
}
