/** `GET /actions/:id/commands`: which agents an action went to, so that those who stay silent can be named. */
import { CommandsQuery, CommandsResponse } from '../../protocol/api/api.ts';
import { listActionCommands } from '../database/action-commands.ts';
import { findCounts } from '../database/actions.ts';
import { ActionPath, unknownAction } from './actions.ts';
import type { Api, ApiContext } from './app.ts';

export function addCommandRoutes(app: Api, { database }: ApiContext): void {
  app.get(
    '/actions/:id/commands',
    { schema: { params: ActionPath, querystring: CommandsQuery, response: { 200: CommandsResponse } } },
    async (request) => {
      const { id } = request.params;
      const page = await listActionCommands(database.db, id, request.query);
      if (page.commands.length === 0 && (await findCounts(database.db, id)) === undefined) throw unknownAction(id);
      return page;
    },
  );
}
