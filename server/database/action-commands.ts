/** Which agents an action went to, for those who read; the statements that change commands are in commands.ts. */
import type { CommandRecord } from '../../protocol/api/api.ts';
import type { ActionId, AgentId } from '../../protocol/base/identifiers.ts';
import { toBase64 } from './agents.ts';
import type { Db } from './schema.ts';

const answered = ['succeeded', 'failed', 'refused'] as const;

/** In the order of the agents' ids. */
export async function listActionCommands(
  db: Db,
  action: ActionId,
  page: { readonly unanswered: boolean; readonly limit: number; readonly after?: AgentId | undefined },
): Promise<CommandRecord[]> {
  let commands = db
    .selectFrom('commands')
    .leftJoin('agents', 'agents.id', 'commands.agent')
    .select(['commands.agent', 'commands.state'])
    .select((eb) => eb.fn.coalesce('agents.name', eb.val('')).as('name'))
    .select('agents.heartbeat')
    .where('commands.action', '=', action)
    .orderBy('commands.agent')
    .limit(page.limit);
  if (page.unanswered) commands = commands.where('commands.state', 'not in', answered);
  if (page.after !== undefined) commands = commands.where('commands.agent', '>', page.after);
  const rows = await commands.execute();
  return rows.map((row) => ({ ...row, heartbeat: row.heartbeat === null ? null : toBase64(row.heartbeat) }));
}
