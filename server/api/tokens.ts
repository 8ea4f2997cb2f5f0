/** Tokens for programs that read: made by a person, shown once, ended by that person or an admin. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { TokenCreated, TokenCreation, TokenRecord, TokensResponse } from '../../protocol/api/access-api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { hashToken, type Investigator, tokenPrefix } from '../access/access.ts';
import { deleteToken, insertToken, listTokens, type TokenRow } from '../database/tokens.ts';
import type { Api, ApiContext } from './app.ts';
import { investigatorOf, sessionRequired } from './guard.ts';
import { type ApiCode, noContent } from './problems.ts';

const TokenPath = z.strictObject({ id: TokenRecord.shape.id });
const dayMs = 86_400_000;

function toRecord({ id, name, investigator, created, expires }: TokenRow): TokenRecord {
  return { id, name, investigator, created: toInstant(created.getTime()), expires: toInstant(expires.getTime()) };
}

/** Whose tokens a person may see and end: undefined stands for everybody's. */
function scopeOf({ name, role }: Investigator): string | undefined {
  return role === 'admin' ? undefined : name;
}

export function addTokenRoutes(app: Api, { database: { db }, access }: ApiContext): void {
  const config = { personal: true } as const;

  app.get('/tokens', { config, schema: { response: { 200: TokensResponse } } }, async (request) => ({
    tokens: (await listTokens(db, scopeOf(investigatorOf(request)))).map(toRecord),
  }));

  app.post(
    '/tokens',
    { config, schema: { body: TokenCreation, response: { 201: TokenCreated } } },
    async (request, reply) => {
      const { name, days } = request.body;
      const token = tokenPrefix + randomBytes(32).toString('base64url');
      const { name: investigator, fingerprint } = investigatorOf(request);
      const row = await insertToken(db, {
        id: randomBytes(8).toString('hex'),
        tokenhash: hashToken(token),
        name,
        investigator,
        fingerprint,
        expires: new Date(Date.now() + days * dayMs),
      });
      if (row === null) throw sessionRequired();
      return reply.code(201).send({ ...toRecord(row), token });
    },
  );

  app.delete(
    '/tokens/:id',
    { config, schema: { params: TokenPath, response: { 204: noContent } } },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await deleteToken(db, id, scopeOf(investigatorOf(request)))))
        throw new CodedError<ApiCode>('not-found', `expected a token of yours, got ${id}`);
      access.forget();
      return reply.code(204).send(null);
    },
  );
}
