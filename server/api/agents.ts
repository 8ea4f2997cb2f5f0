/** `GET /agents`: who a target fits, counted and listed. */
import { toInstant } from '../../protocol/action.ts';
import { AgentsQuery, AgentsResponse } from '../../protocol/api.ts';
import { parseTarget } from '../../protocol/target/parser.ts';
import { listAgents } from '../database/agents.ts';
import { compileTarget } from '../target-sql.ts';
import type { Api, ApiContext } from './app.ts';

export function addAgentRoutes(app: Api, { database }: ApiContext): void {
  app.get('/agents', { schema: { querystring: AgentsQuery, response: { 200: AgentsResponse } } }, async (request) => {
    const { target, limit, after } = request.query;
    const page = await listAgents(database.db, compileTarget(parseTarget(target)), limit, after);
    const agents = page.agents.map((agent) => ({
      ...agent,
      starttime: toInstant(agent.starttime.getTime()),
      heartbeattime: toInstant(agent.heartbeattime.getTime()),
    }));
    const last = agents.at(-1);
    return { agents, total: page.total, next: agents.length === limit && last !== undefined ? last.id : null };
  });
}
