/** Logging in and out: a challenge signed with the investigator's OpenPGP key buys a token for some hours. */

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { latestNow } from '../../protocol/base/clock.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import {
  ChallengeRequest,
  ChallengeResponse,
  SessionRequest,
  SessionResponse,
  toLoginBytes,
} from '../../protocol/session-api.ts';
import { verifyDetached } from '../../protocol/signatures/signatures.ts';
import { hashToken, type Investigator } from '../access/access.ts';
import { deleteSession, insertSession } from '../database/sessions.ts';
import type { Api, ApiContext } from './app.ts';
import { principalOf } from './guard.ts';
import { loginDescription } from './login-recipe.ts';
import { type ApiCode, noContent } from './problems.ts';

const sessionMs = 12 * 3600 * 1000;
/** Logins for one key from one address: a flood through a shared proxy keeps nobody else out. */
const requestsPerMinute = 60;
/** The least until a refusal: how long a signature took to check tells nothing of whether the key is known. */
const refusalMs = 250;

function loginRefused(): CodedError<ApiCode> {
  return new CodedError<ApiCode>('login-refused', 'expected a fresh challenge signed by a key that may log in', {
    hint: 'ask for a new challenge and sign it within a minute',
  });
}

type LoginContext = Pick<ApiContext, 'access' | 'challenges' | 'loginAddress'>;

/** @throws CodedError login-refused, or by `LoginAddress` once the signature holds */
async function verifyLogin(
  { access, challenges, loginAddress }: LoginContext,
  { fingerprint, signature, ...login }: SessionRequest,
): Promise<Investigator> {
  const challenge = challenges.read(login.challenge, fingerprint);
  const investigator = (await access.investigators()).get(fingerprint);
  if (challenge === null || investigator === undefined) throw loginRefused();
  const outcome = await verifyDetached(toLoginBytes(login), signature, [investigator.key], latestNow());
  if (outcome.kind !== 'valid' || !(await challenges.use(challenge))) throw loginRefused();
  loginAddress.assertMeant(login, challenge.certificate);
  return investigator;
}

export function addLoginRoutes(app: Api, context: ApiContext): void {
  const { database, challenges, loginAddress } = context;

  function limitLogins(): (request: FastifyRequest, fingerprint: Fingerprint) => Promise<void> {
    const keys = new WeakMap<FastifyRequest, string>();
    const count = app.createRateLimit({
      max: requestsPerMinute,
      timeWindow: 60_000,
      keyGenerator: (request) => keys.get(request) ?? request.ip,
    });
    return async (request, fingerprint) => {
      keys.set(request, `${request.ip} ${fingerprint}`);
      const counted = await count(request);
      if (!counted.isAllowed && counted.isExceeded)
        throw new CodedError<ApiCode>('too-many-requests', 'expected fewer logins with this key from this address', {
          hint: 'wait a minute',
        });
    };
  }

  const limitChallenges = limitLogins();
  app.post(
    '/sessions/challenges',
    {
      schema: {
        description: 'A challenge for a login with this key, whether or not the relay knows it: see POST /sessions.',
        body: ChallengeRequest,
        response: { 201: ChallengeResponse },
        security: [],
      },
    },
    async (request, reply) => {
      const { fingerprint } = request.body;
      await limitChallenges(request, fingerprint);
      return reply
        .code(201)
        .send({ challenge: challenges.make(fingerprint, loginAddress.certificateFor(request.raw)) });
    },
  );

  const limitSessions = limitLogins();
  app.post(
    '/sessions',
    {
      schema: {
        description: loginDescription,
        body: SessionRequest,
        response: { 201: SessionResponse },
        security: [],
      },
    },
    async (request, reply) => {
      const { fingerprint } = request.body;
      await limitSessions(request, fingerprint);
      const refusalTime = sleep(refusalMs);
      const refuse = async (error: unknown): Promise<never> => {
        await refusalTime;
        throw error;
      };
      const { name } = await verifyLogin(context, request.body).catch(refuse);
      const token = randomBytes(32).toString('base64url');
      const expires = new Date(Date.now() + sessionMs);
      // Disabled, or with another key, since the signature was checked.
      if (
        !(await insertSession(database.db, { tokenhash: hashToken(token), fingerprint, investigator: name, expires }))
      )
        return refuse(loginRefused());
      return reply.code(201).send({ token, expires: toInstant(expires.getTime()), investigator: name });
    },
  );
}

export function addLogoutRoute(app: Api, { database, access }: ApiContext): void {
  app.delete(
    '/sessions/current',
    { config: { personal: true }, schema: { response: { 204: noContent } } },
    async (request, reply) => {
      await deleteSession(database.db, principalOf(request).tokenhash);
      access.forget();
      return reply.code(204).send(null);
    },
  );
}
