/** Logging in: a challenge signed with the investigator's OpenPGP key buys a token for some hours. */
import { createHash, randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { toInstant } from '../../protocol/action.ts';
import {
  ChallengeRequest,
  ChallengeResponse,
  SessionRequest,
  SessionResponse,
  sessionContext,
} from '../../protocol/api.ts';
import { CodedError } from '../../protocol/coded-error.ts';
import { verifyDetached } from '../../protocol/signatures.ts';
import type { Db } from '../database/schema.ts';
import { findSession, insertChallenge, insertSession, type SessionRow, takeChallenge } from '../database/sessions.ts';
import type { Investigator, Investigators } from '../investigators.ts';
import type { Api, ApiContext } from './app.ts';
import type { ApiCode } from './problems.ts';

const challengeMs = 60_000;
const sessionMs = 12 * 3600 * 1000;
/** How far the investigator's clock may be ahead when signing. */
const clockSkewMs = 60_000;
const requestsPerMinute = 60;

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Sessions that were found before; nothing ends one before its time. */
const recent = new Map<string, SessionRow>();
const maximumRecent = 1000;

async function readSession(db: Db, tokenhash: string): Promise<SessionRow | null> {
  const known = recent.get(tokenhash);
  if (known !== undefined && known.expires > new Date()) return known;
  const session = await findSession(db, tokenhash);
  if (recent.size >= maximumRecent) recent.clear();
  if (session !== null) recent.set(tokenhash, session);
  return session;
}

/** Who is behind the requests under way that have passed `requireInvestigator`. */
const authenticated = new WeakMap<FastifyRequest, Investigator>();

/**
 * Finds the investigator of a request's bearer token. A key that has been taken out of the folder ends its sessions.
 * @throws CodedError<ApiCode> session-required
 */
export async function requireInvestigator(
  request: FastifyRequest,
  db: Db,
  investigators: Investigators,
): Promise<void> {
  const token = /^Bearer ([\w-]{20,100})$/i.exec(request.headers.authorization ?? '')?.[1];
  const session = token === undefined ? null : await readSession(db, hashToken(token));
  const investigator = session === null ? undefined : investigators.get(session.fingerprint);
  if (investigator === undefined) throw sessionRequired();
  authenticated.set(request, investigator);
}

/** @throws CodedError<ApiCode> session-required on a route without `requireInvestigator` */
export function investigatorOf(request: FastifyRequest): Investigator {
  const investigator = authenticated.get(request);
  if (investigator === undefined) throw sessionRequired();
  return investigator;
}

function sessionRequired(): CodedError<ApiCode> {
  return new CodedError<ApiCode>('session-required', 'expected the token of a session that is still open', {
    hint: 'log in: POST /sessions/challenges, then POST /sessions',
  });
}

export function addSessionRoutes(app: Api, { database, investigators }: ApiContext): void {
  const config = { rateLimit: { max: requestsPerMinute, timeWindow: 60_000 } };

  app.post(
    '/sessions/challenges',
    { config, schema: { body: ChallengeRequest, response: { 201: ChallengeResponse }, security: [] } },
    async (request, reply) => {
      const { fingerprint } = request.body;
      if (!investigators.has(fingerprint))
        throw new CodedError<ApiCode>(
          'unknown-investigator',
          'expected the fingerprint of a key that this relay knows',
          {
            hint: 'the operator puts public keys into the folder MIG_INVESTIGATORS_DIR and restarts the server',
          },
        );
      const challenge = randomBytes(32).toString('base64url');
      await insertChallenge(database.db, { challenge, fingerprint, expires: new Date(Date.now() + challengeMs) });
      return reply.code(201).send({ challenge });
    },
  );

  app.post(
    '/sessions',
    { config, schema: { body: SessionRequest, response: { 201: SessionResponse }, security: [] } },
    async (request, reply) => {
      const { challenge, signature } = request.body;
      const fingerprint = await takeChallenge(database.db, challenge);
      const investigator = fingerprint === null ? undefined : investigators.get(fingerprint);
      const bytes = Buffer.from(sessionContext + challenge, 'utf8');
      const latest = new Date(Date.now() + clockSkewMs);
      const outcome =
        investigator === undefined ? null : await verifyDetached(bytes, signature, [investigator.key], latest);
      if (fingerprint === null || investigator === undefined || outcome?.kind !== 'valid')
        throw new CodedError<ApiCode>(
          'login-refused',
          `expected a fresh challenge signed by its key, got ${outcome?.kind ?? 'an unknown challenge'}`,
          { hint: 'ask for a new challenge and sign it within a minute' },
        );
      const token = randomBytes(32).toString('base64url');
      const expires = new Date(Date.now() + sessionMs);
      const { name } = investigator;
      await insertSession(database.db, { tokenhash: hashToken(token), fingerprint, investigator: name, expires });
      return reply.code(201).send({ token, expires: toInstant(expires.getTime()), investigator: name });
    },
  );
}
