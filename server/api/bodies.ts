/** Bodies of requests: held to a budget of values and depth before they are parsed; their size is a matter of the route. */
import type { FastifyInstance } from 'fastify';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { assertWithinBounds } from '../../protocol/base/strict-json.ts';
import type { ApiCode } from './problems.ts';

/** An action with sixteen signatures has the most values. */
const bounds = { maxBytes: Number.MAX_SAFE_INTEGER, maxValues: 128, maxDepth: 8 };

export function parseBodies(app: FastifyInstance): void {
  // Refuses keys that would change an object's prototype.
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      assertWithinBounds(body, bounds);
    } catch (cause) {
      done(new CodedError<ApiCode>('bad-request', toMessage(cause), { cause }), undefined);
      return;
    }
    void parse(request, body.toString('utf8'), done);
  });
}
