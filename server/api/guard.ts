/** Guards routes: the role that a route asks for, read-only unless it says more. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Role } from '../../protocol/api/access-api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { Access, Investigator, Principal } from '../access/access.ts';
import type { ApiCode } from './problems.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The least that is needed; `observer` unless given. */
    role?: Role;
    /** Open to people, not to programs with a token. */
    personal?: boolean;
  }
}

/** Roles from the least to the most. */
const ranks: readonly Role[] = Role.options;

/** The principals of the requests that have passed the guard. */
const authenticated = new WeakMap<FastifyRequest, Principal>();

export function sessionRequired(): CodedError<ApiCode> {
  return new CodedError<ApiCode>('session-required', 'expected the token of a session that is still open', {
    hint: 'log in: POST /sessions/challenges, then POST /sessions',
  });
}

function assertAllowed({ investigator, kind }: Principal, request: FastifyRequest): void {
  const { role = 'observer', personal = false } = request.routeOptions.config;
  if (personal && kind === 'token')
    throw new CodedError<ApiCode>('not-allowed', 'expected a session, got a token', { hint: 'log in with your key' });
  if (ranks.indexOf(investigator.role) < ranks.indexOf(role))
    throw new CodedError<ApiCode>('not-allowed', `expected the role ${role}, got ${investigator.role}`, {
      hint: 'an admin can change roles: PATCH /investigators/:name',
    });
}

/** Asks anew each time: what was good when a request began may have ended. @throws CodedError<ApiCode> */
async function authenticate(request: FastifyRequest, access: Access): Promise<Principal> {
  const token = /^Bearer ([\w-]{20,100})$/i.exec(request.headers.authorization ?? '')?.[1];
  const principal = token === undefined ? null : await access.principalOf(token);
  if (principal === null) throw sessionRequired();
  assertAllowed(principal, request);
  return principal;
}

/** Whether who began this request may still have what it asks for; for answers that go on. */
export async function isStillAllowed(request: FastifyRequest, access: Access): Promise<boolean> {
  try {
    await authenticate(request, access);
    return true;
  } catch (error) {
    if (error instanceof CodedError) return false;
    throw error;
  }
}

/** Lets nobody in without a session or token: all routes of `app` that are added afterwards are guarded. */
export function guard(app: FastifyInstance, access: Access): void {
  app.addHook('onRequest', async (request) => {
    authenticated.set(request, await authenticate(request, access));
  });
  // The body may have taken its time.
  app.addHook('preHandler', async (request) => {
    authenticated.set(request, await authenticate(request, access));
  });
}

/** @throws CodedError<ApiCode> session-required on a route without the guard */
export function principalOf(request: FastifyRequest): Principal {
  const principal = authenticated.get(request);
  if (principal === undefined) throw sessionRequired();
  return principal;
}

export function investigatorOf(request: FastifyRequest): Investigator {
  return principalOf(request).investigator;
}
