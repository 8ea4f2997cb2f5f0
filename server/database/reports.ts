/** Statements on reports: what agents sent, in the order in which it became visible. */
import { sql } from 'kysely';
import type { ActionId, AgentId, CommandId } from '../../protocol/base/identifiers.ts';
import { pageBytes } from './page.ts';
import type { Db, Tx } from './schema.ts';

export interface NewReport {
  readonly command: CommandId;
  readonly action: ActionId;
  readonly agent: AgentId;
  readonly kind: 'result' | 'refusal';
  /** The refusal's code; null for a result. */
  readonly code: string | null;
  readonly message: Uint8Array;
}

/** Those that are there already are left out. The actions must be locked, or readers could miss a sequence. */
export async function insertReports(tx: Tx, reports: readonly NewReport[]): Promise<void> {
  if (reports.length === 0) return;
  await tx
    .insertInto('reports')
    .values(reports.map((report) => ({ ...report, sizebytes: report.message.length })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export interface ReportRow {
  readonly sequence: number;
  readonly command: CommandId;
  readonly agent: AgentId;
  readonly kind: 'result' | 'refusal';
  readonly received: Date;
  readonly message: Uint8Array;
}

/** The next reports of an action, fewer than `limit` when they are large. */
export async function listReports(
  db: Db,
  action: ActionId,
  after: number,
  limit: number,
): Promise<readonly ReportRow[]> {
  const page = await sql<ReportRow>`
    SELECT sequence, command, agent, kind, received, message
    FROM (
      SELECT *, sum(sizebytes) OVER (ORDER BY sequence) - sizebytes AS bytesbefore
      FROM (
        SELECT * FROM reports WHERE action = ${action} AND sequence > ${after} ORDER BY sequence LIMIT ${limit}
      ) AS candidates
    ) AS measured
    WHERE bytesbefore < ${pageBytes}
    ORDER BY sequence`.execute(db);
  return page.rows;
}
