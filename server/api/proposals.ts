/** Proposals: actions kept until enough people have signed them. The relay stores and shows; `mig` decides when it is enough. */
import * as z from 'zod';
import {
  ProposalDetail,
  ProposalSignature,
  ProposalSubmission,
  ProposalSummary,
  ProposalsQuery,
  ProposalsResponse,
} from '../../protocol/api/proposal-api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { ActionId } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import {
  deleteProposal,
  findProposal,
  listProposals,
  listSignatures,
  type NewSignature,
  type ProposalRow,
} from '../database/proposals.ts';
import { addSignature, submitProposal } from '../dispatch/proposals.ts';
import { submissionBytes } from './actions.ts';
import type { Api, ApiContext } from './app.ts';
import { investigatorOf } from './guard.ts';
import { type ApiCode, noContent } from './problems.ts';

const ProposalPath = z.strictObject({ id: ActionId });

function toSummary(row: ProposalRow, signatures: readonly NewSignature[]): ProposalSummary {
  const { id, name, target, validfrom, expireafter, created, investigator, launched } = row;
  const signers = signatures
    .filter(({ proposal }) => proposal === id)
    .map(({ investigator: signer, fingerprint }) => ({ investigator: signer, fingerprint }));
  return {
    id,
    name,
    target,
    validfrom: toInstant(validfrom.getTime()),
    expireafter: toInstant(expireafter.getTime()),
    created: toInstant(created.getTime()),
    investigator,
    signers,
    launched: Boolean(launched),
  };
}

export function addProposalRoutes(app: Api, { database, access }: ApiContext): void {
  const { db } = database;
  const config = { role: 'investigator', personal: true } as const;

  async function readProposal(id: ActionId) {
    const row = await findProposal(db, id);
    if (row === undefined) throw new CodedError<ApiCode>('not-found', `expected a proposal that is open, got ${id}`);
    return { row, signatures: await listSignatures(db, [id]) };
  }

  app.get(
    '/proposals',
    { schema: { querystring: ProposalsQuery, response: { 200: ProposalsResponse } } },
    async (request) => {
      const { limit, before } = request.query;
      const { proposals: rows, next } = await listProposals(db, limit, before);
      const signatures = await listSignatures(
        db,
        rows.map(({ id }) => id),
      );
      return { proposals: rows.map((row) => toSummary(row, signatures)), next };
    },
  );

  app.post(
    '/proposals',
    { config, bodyLimit: submissionBytes, schema: { body: ProposalSubmission, response: { 201: ProposalSummary } } },
    async (request, reply) => {
      const id = await submitProposal(database, await access.investigators(), investigatorOf(request), request.body);
      const { row, signatures } = await readProposal(id);
      return reply.code(201).send(toSummary(row, signatures));
    },
  );

  app.get(
    '/proposals/:id',
    { schema: { params: ProposalPath, response: { 200: ProposalDetail } } },
    async (request) => {
      const { row, signatures } = await readProposal(request.params.id);
      const payload = Buffer.from(row.payload).toString('base64');
      const envelope = { payload, signatures: signatures.map(({ signature }) => signature) };
      return { ...toSummary(row, signatures), envelope, wrappedreplykey: row.wrappedreplykey };
    },
  );

  app.post(
    '/proposals/:id/signatures',
    { config, schema: { params: ProposalPath, body: ProposalSignature, response: { 201: ProposalSummary } } },
    async (request, reply) => {
      const { id } = request.params;
      const { row } = await readProposal(id);
      await addSignature(database, investigatorOf(request), row, request.body.signature);
      return reply.code(201).send(toSummary(row, await listSignatures(db, [id])));
    },
  );

  app.delete(
    '/proposals/:id',
    { config, schema: { params: ProposalPath, response: { 204: noContent } } },
    async (request, reply) => {
      const { row } = await readProposal(request.params.id);
      const { name, role } = investigatorOf(request);
      if (row.investigator !== name && role !== 'admin')
        throw new CodedError<ApiCode>('not-allowed', `expected a proposal of your own, got one by ${row.investigator}`);
      await deleteProposal(db, row.id);
      return reply.code(204).send(null);
    },
  );
}
