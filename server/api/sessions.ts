/** Logging in and out: a challenge signed with the investigator's OpenPGP key buys a token for some hours. */
import { randomBytes } from 'node:crypto';
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
import { hashToken } from '../access/access.ts';
import { deleteSession, insertChallenge, insertSession, takeChallenge } from '../database/sessions.ts';
import type { Api, ApiContext } from './app.ts';
import { principalOf } from './guard.ts';
import { type ApiCode, noContent } from './problems.ts';

const challengeMs = 60_000;
const sessionMs = 12 * 3600 * 1000;
/** How far the investigator's clock may be ahead when signing. */
const clockSkewMs = 60_000;
const requestsPerMinute = 60;

export function addLoginRoutes(app: Api, { database, access }: ApiContext): void {
  const config = { rateLimit: { max: requestsPerMinute, timeWindow: 60_000 } };

  app.post(
    '/sessions/challenges',
    { config, schema: { body: ChallengeRequest, response: { 201: ChallengeResponse }, security: [] } },
    async (request, reply) => {
      const { fingerprint } = request.body;
      if (!(await access.investigators()).has(fingerprint))
        throw new CodedError<ApiCode>(
          'unknown-investigator',
          'expected the fingerprint of a key that this relay knows',
          {
            hint: 'an admin adds investigators, or the operator puts public keys into MIG_INVESTIGATORS_DIR and restarts the server',
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
      const investigator = fingerprint === null ? undefined : (await access.investigators()).get(fingerprint);
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
