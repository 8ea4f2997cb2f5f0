/** The REST API: routes, their schemas, who may call them, and the OpenAPI document made from all that. */
import type { BlockList } from 'node:net';
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
import type { Log } from '../../host/log.ts';
import { apiPrefix } from '../../protocol/api/api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { Access } from '../access/access.ts';
import type { Challenges } from '../access/challenges.ts';
import { isProxy, type LoginAddress } from '../access/login-address.ts';
import type { Database } from '../database/database.ts';
import type { OutboxPublisher } from '../dispatch/outbox-publisher.ts';
import type { TrustPublisher } from '../dispatch/trust-publisher.ts';
import type { Failures } from '../failures.ts';
import type { Metrics } from '../metrics.ts';
import { version } from '../version.ts';
import { addActionRoutes } from './actions.ts';
import { addAgentRoutes } from './agents.ts';
import { parseBodies } from './bodies.ts';
import { addCommandRoutes } from './commands.ts';
import { addEventRoutes } from './events.ts';
import { guard } from './guard.ts';
import { addHealthRoutes, addVersionRoute } from './health.ts';
import { addInvestigatorRoutes } from './investigators.ts';
import { type ApiCode, handleClientError, handleFrameworkError, handleProblems } from './problems.ts';
import { addProposalRoutes } from './proposals.ts';
import { addLoginRoutes, addLogoutRoute } from './sessions.ts';
import { addTokenRoutes } from './tokens.ts';
import { addTrustRoutes } from './trust.ts';

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
  readonly trust: TrustPublisher;
  readonly access: Access;
  readonly challenges: Challenges;
  readonly loginAddress: LoginAddress;
  /** Those whose word counts for where a request came from. */
  readonly proxies: BlockList;
  readonly isBrokerReady: () => boolean;
  /** Ends the streams of those who follow actions, for the server's own end. */
  readonly followers: Set<() => void>;
  readonly metrics: Metrics;
  readonly failures: Failures;
  readonly log: Log;
}

/** Requests from one address: far more than people and their tools need, and a bound for a program that asks without a pause. */
const requestsPerMinute = 30_000;
const bodyBytes = 64 * 1024;
const requestTimeoutMs = 30_000;

/** @param tls PEM; null serves plain HTTP. */
export async function createApi(
  context: ApiContext,
  tls: { readonly key: string; readonly cert: string } | null,
): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    https: tls === null ? null : { ...tls, minVersion: 'TLSv1.2' },
    logger: false,
    bodyLimit: bodyBytes,
    requestTimeout: requestTimeoutMs,
    trustProxy: (address: string) => isProxy(context.proxies, address),
    forceCloseConnections: true,
    clientErrorHandler: handleClientError,
    frameworkErrors: handleFrameworkError,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  handleProblems(app, context);
  parseBodies(app);
  observeRequests(app, context);
  warnOfProxy(app, context);
  await app.register(swagger, {
    openapi: {
      info: { title: 'MIG relay', version },
      components: { securitySchemes: { session: { type: 'http', scheme: 'bearer' } } },
      security: [{ session: [] }],
    },
    transform: jsonSchemaTransform,
  });
  await app.register(rateLimit, {
    global: true,
    max: requestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: () =>
      new CodedError<ApiCode>('too-many-requests', 'expected fewer requests from this address', {
        hint: 'wait a minute',
      }),
  });
  await app.register(async (scope) => addRoutes(scope.withTypeProvider<ZodTypeProvider>(), context), {
    prefix: apiPrefix,
  });
  await app.register(async (scope) => addMetricsRoute(scope, context));
  return app;
}

/** Metrics are where Prometheus expects them, outside the API. */
function addMetricsRoute(app: FastifyInstance, { access, metrics: { registry } }: ApiContext): void {
  guard(app, access);
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}

function addRoutes(app: Api, context: ApiContext): void {
  addHealthRoutes(app, context);
  addLoginRoutes(app, context);
  void app.register(async (scope) => {
    const guarded = scope.withTypeProvider<ZodTypeProvider>();
    guard(guarded, context.access);
    // The description names the version and every route: strangers do not get it.
    guarded.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
    for (const addRoutesOf of [
      addAgentRoutes,
      addActionRoutes,
      addCommandRoutes,
      addEventRoutes,
      addProposalRoutes,
      addInvestigatorRoutes,
      addTokenRoutes,
      addTrustRoutes,
      addLogoutRoute,
      addVersionRoute,
    ])
      addRoutesOf(guarded, context);
  });
}

/** One line per request: no query, no headers, no bodies. */
function observeRequests(app: FastifyInstance, { log, metrics }: ApiContext): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, ip } = request;
    const route = request.routeOptions.url ?? 'none';
    metrics.request(method, route, reply.statusCode, reply.elapsedTime);
    log.info({ method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime), ip }, 'request');
  });
}

/** Once: behind a proxy that is not named, everybody has the proxy's address, and its limits. */
function warnOfProxy(app: FastifyInstance, { log, proxies }: ApiContext): void {
  let isWarned = false;
  app.addHook('onRequest', async ({ headers, socket: { remoteAddress } }) => {
    if (isWarned || headers['x-forwarded-for'] === undefined || isProxy(proxies, remoteAddress)) return;
    isWarned = true;
    log.warn(
      { address: remoteAddress },
      'X-Forwarded-For came from an address that MIG_TRUST_PROXY does not name; it is not believed',
    );
  });
}
