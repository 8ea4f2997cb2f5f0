/** Which agents an action went to, for those who read; the statements that change commands are in commands.ts. */
import { sql } from 'kysely';
import type { CommandRecord } from '../../protocol/api/api.ts';
import type { ActionId, AgentId } from '../../protocol/base/identifiers.ts';
import { toBase64 } from './agents.ts';
import { toPage } from './page.ts';
import type { Db } from './schema.ts';

const reported = ['succeeded', 'failed', 'refused'] as const;

/** In the order of the agents' ids; fewer than the limit when their heartbeats are large. */
export async function listActionCommands(
  db: Db,
  action: ActionId,
  page: { readonly unreported: boolean; readonly limit: number; readonly after?: AgentId | undefined },
): Promise<{ readonly commands: CommandRecord[]; readonly next: AgentId | null }> {
  const all = db
    .selectFrom('commands')
    .leftJoin('agents', 'agents.id', 'commands.agent')
    .where('commands.action', '=', action)
    .orderBy('commands.agent');
  let candidates = all
    .select(['commands.agent as id', sql<number>`coalesce(octet_length(agents.heartbeat), 0)`.as('sizebytes')])
    .limit(page.limit);
  if (page.unreported) candidates = candidates.where('commands.state', 'not in', reported);
  if (page.after !== undefined) candidates = candidates.where('commands.agent', '>', page.after);
  const { ids, next } = toPage(await candidates.execute(), page.limit);
  if (ids.length === 0) return { commands: [], next };
  const rows = await all
    .select(['commands.agent', 'commands.state', 'agents.heartbeat'])
    .select((eb) => eb.fn.coalesce('agents.name', eb.val('')).as('name'))
    .where('commands.agent', 'in', ids)
    .execute();
  const toRecord = (row: (typeof rows)[number]): CommandRecord => ({
    ...row,
    heartbeat: row.heartbeat === null ? null : toBase64(row.heartbeat),
  });
  return { commands: rows.map(toRecord), next };
}
