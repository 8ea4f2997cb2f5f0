/** Investigators: listed for everybody, managed by admins. */
import * as z from 'zod';
import {
  InvestigatorChange,
  InvestigatorCreation,
  InvestigatorRecord,
  InvestigatorsResponse,
} from '../../protocol/api/access-api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { findKeyProblems, fingerprintOf, readPublicKey } from '../../protocol/signatures/openpgp-keys.ts';
import {
  type InvestigatorRow,
  insertInvestigator,
  listInvestigators,
  updateInvestigator,
} from '../database/investigators.ts';
import type { Api, ApiContext } from './app.ts';
import { investigatorOf } from './guard.ts';
import type { ApiCode } from './problems.ts';

const NamePath = z.strictObject({ name: z.string().min(1).max(256) });
/** An armored key of the longest kind, its line breaks escaped in JSON. */
const creationBytes = 512 * 1024;

function toRecord({ name, fingerprint, role, disabled, created, publickey }: InvestigatorRow): InvestigatorRecord {
  return { name, fingerprint, role, disabled, created: toInstant(created.getTime()), publickey };
}

export function addInvestigatorRoutes(app: Api, { database: { db }, access }: ApiContext): void {
  const config = { role: 'admin', personal: true } as const;

  app.get('/investigators', { schema: { response: { 200: InvestigatorsResponse } } }, async () => ({
    investigators: (await listInvestigators(db)).map(toRecord),
  }));

  app.post(
    '/investigators',
    { config, bodyLimit: creationBytes, schema: { body: InvestigatorCreation, response: { 201: InvestigatorRecord } } },
    async (request, reply) => {
      const { name, publickey, role } = request.body;
      const key = await readPublicKey(publickey);
      const [problem] = await findKeyProblems(key, new Date());
      if (problem !== undefined)
        throw new CodedError(problem, `expected a key that can sign and receive answers, got one with ${problem}`);
      const row = await insertInvestigator(db, { name, fingerprint: fingerprintOf(key), publickey, role });
      if (row === null)
        throw new CodedError<ApiCode>(
          'investigator-exists',
          'expected a new name and a new key, got one that is known',
        );
      access.forget();
      return reply.code(201).send(toRecord(row));
    },
  );

  app.patch(
    '/investigators/:name',
    { config, schema: { params: NamePath, body: InvestigatorChange, response: { 200: InvestigatorRecord } } },
    async (request) => {
      const { name } = request.params;
      const { role, disabled } = request.body;
      if (name === investigatorOf(request).name)
        throw new CodedError<ApiCode>('not-allowed', 'expected another admin to change your own access', {
          hint: 'so that there always is one: the operator names the first in MIG_ADMINS',
        });
      const row = await updateInvestigator(db, name, {
        ...(role === undefined ? {} : { role }),
        ...(disabled === undefined ? {} : { disabled }),
      });
      if (row === undefined) throw new CodedError<ApiCode>('not-found', `expected an investigator, got ${name}`);
      access.forget();
      return toRecord(row);
    },
  );
}
