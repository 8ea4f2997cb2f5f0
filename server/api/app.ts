/** The REST API: routes, their schemas, who may call them, and the OpenAPI document made from all that. */
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  fastify,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { apiPrefix, StatusResponse } from '../../protocol/api.ts';
import { CodedError } from '../../protocol/coded-error.ts';
import type { Database } from '../database/database.ts';
import type { OutboxPublisher } from '../dispatch/outbox-publisher.ts';
import type { Investigators } from '../investigators.ts';
import type { Log } from '../log.ts';
import { version } from '../version.ts';
import { addActionRoutes } from './actions.ts';
import { addAgentRoutes } from './agents.ts';
import { addCommandRoutes } from './commands.ts';
import { addEventRoutes } from './events.ts';
import { type ApiCode, handleProblems } from './problems.ts';
import { addSessionRoutes, requireInvestigator } from './sessions.ts';

export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface ApiContext {
  readonly database: Database;
  readonly publisher: OutboxPublisher;
  readonly investigators: Investigators;
  readonly isBrokerReady: () => boolean;
  /** Ends the streams of those who follow actions, for the server's own end. */
  readonly followers: Set<() => void>;
  readonly log: Log;
}

const bodyBytes = 64 * 1024;
const requestTimeoutMs = 30_000;

/** @param tls PEM. */
export async function createApi(
  context: ApiContext,
  tls: { readonly key: string; readonly cert: string },
): Promise<FastifyInstance> {
  const app = fastify({
    https: { ...tls, minVersion: 'TLSv1.2' },
    logger: false,
    bodyLimit: bodyBytes,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: true,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  handleProblems(app, context.log);
  logRequests(app, context.log);
  await app.register(swagger, {
    openapi: {
      info: { title: 'MIG relay', version },
      components: { securitySchemes: { session: { type: 'http', scheme: 'bearer' } } },
      security: [{ session: [] }],
    },
    transform: jsonSchemaTransform,
  });
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: () =>
      new CodedError<ApiCode>('too-many-requests', 'expected fewer requests from this address', {
        hint: 'wait a minute',
      }),
  });
  await app.register(async (scope) => addRoutes(scope.withTypeProvider<ZodTypeProvider>(), context), {
    prefix: apiPrefix,
  });
  return app;
}

function addRoutes(app: Api, context: ApiContext): void {
  const { database, investigators, isBrokerReady } = context;
  app.get('/status', { schema: { response: { 200: StatusResponse }, security: [] } }, async () => ({
    version,
    database: await database.isReady(),
    broker: isBrokerReady(),
  }));
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  addSessionRoutes(app, context);
  void app.register(async (scope) => {
    const guarded = scope.withTypeProvider<ZodTypeProvider>();
    guarded.addHook('onRequest', async (request) => {
      await requireInvestigator(request, database.db, investigators);
    });
    addAgentRoutes(guarded, context);
    addActionRoutes(guarded, context);
    addCommandRoutes(guarded, context);
    addEventRoutes(guarded, context);
  });
}

/** One line per request: no query, no headers, no bodies. */
function logRequests(app: FastifyInstance, log: Log): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, ip } = request;
    const route = request.routeOptions.url ?? 'none';
    log.info({ method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime), ip }, 'request');
  });
}
