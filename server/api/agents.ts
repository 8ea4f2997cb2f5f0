/** `GET /agents` and `POST /agents/search`: who a target fits, counted and listed; `GET /agents/:id`: one of them. */
import * as z from 'zod';
import { type AgentInstance, AgentRecord, AgentsQuery, AgentsResponse } from '../../protocol/api/api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { AgentId } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { parseTarget } from '../../protocol/target/parser.ts';
import { type CloneRow, findClones } from '../database/agent-instances.ts';
import { findHeartbeats, listAgents } from '../database/agents.ts';
import { compileTarget } from '../target-sql.ts';
import type { Api, ApiContext } from './app.ts';
import type { ApiCode } from './problems.ts';

const AgentPath = z.strictObject({ id: AgentId });

/** A target of the longest kind, every character of it escaped in JSON. */
const searchBytes = 512 * 1024;

function toInstance({ instance, name, environment, starttime, heartbeattime }: CloneRow): AgentInstance {
  return {
    instance,
    name,
    environment,
    starttime: toInstant(starttime.getTime()),
    heartbeattime: toInstant(heartbeattime.getTime()),
  };
}

export function addAgentRoutes(app: Api, { database }: ApiContext): void {
  async function search({
    target,
    fleet,
    limit,
    after,
    heartbeats,
  }: z.infer<typeof AgentsQuery>): Promise<z.infer<typeof AgentsResponse>> {
    const page = await listAgents(database.db, compileTarget(parseTarget(target)), fleet, { limit, after });
    const clones = await findClones(
      database.db,
      page.agents.map(({ id }) => id),
    );
    const signed = heartbeats
      ? await findHeartbeats(
          database.db,
          page.agents.map(({ id }) => id),
        )
      : new Map();
    const agents = page.agents.map((agent) => ({
      ...agent,
      ...(signed.has(agent.id) ? { heartbeat: signed.get(agent.id) } : {}),
      clones: clones.filter((clone) => clone.agent === agent.id).map(toInstance),
      starttime: toInstant(agent.starttime.getTime()),
      heartbeattime: toInstant(agent.heartbeattime.getTime()),
    }));
    return { agents, total: page.total, next: page.next };
  }

  const response = { 200: AgentsResponse };
  app.get('/agents', { schema: { querystring: AgentsQuery, response } }, (request) => search(request.query));
  app.post('/agents/search', { bodyLimit: searchBytes, schema: { body: AgentsQuery, response } }, (request) =>
    search(request.body),
  );
  app.get('/agents/:id', { schema: { params: AgentPath, response: { 200: AgentRecord } } }, async (request) => {
    const { id } = request.params;
    const [agent] = (await search({ target: `id = '${id}'`, limit: 1, heartbeats: true })).agents;
    if (agent === undefined) throw new CodedError<ApiCode>('not-found', `expected an agent of this relay, got ${id}`);
    return agent;
  });
}
