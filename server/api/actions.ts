/** Actions and the reports on them. */
import * as z from 'zod';
import {
  ActionDetail,
  ActionSubmission,
  ActionSummary,
  ActionsQuery,
  ActionsResponse,
  type Report,
  ReportsQuery,
  ReportsResponse,
} from '../../protocol/api/api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { ActionId } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { findAction, findCounts, listActions, type SummaryRow } from '../database/actions.ts';
import { listReports, type ReportRow } from '../database/reports.ts';
import { cancelAction } from '../dispatch/cancel-action.ts';
import { submitAction } from '../dispatch/submit-action.ts';
import type { Api, ApiContext } from './app.ts';
import { investigatorOf } from './guard.ts';
import type { ApiCode } from './problems.ts';

export const ActionPath = z.strictObject({ id: ActionId });

export function unknownAction(id: ActionId): CodedError<ApiCode> {
  return new CodedError<ApiCode>('not-found', `expected an action of this relay, got ${id}`, {
    hint: 'mig actions lists them',
  });
}

function toSummary(row: SummaryRow): ActionSummary {
  const { queued, sent, running, succeeded, failed, refused, expired, cancelled } = row;
  return {
    id: row.id,
    name: row.name,
    target: row.target,
    validfrom: toInstant(row.validfrom.getTime()),
    expireafter: toInstant(row.expireafter.getTime()),
    created: toInstant(row.created.getTime()),
    investigator: row.investigator,
    cancelled: row.cancelledtime === null ? null : toInstant(row.cancelledtime.getTime()),
    counts: { queued, sent, running, succeeded, failed, refused, expired, cancelled },
  };
}

export function toReport(row: ReportRow): Report {
  const { sequence, command, agent, kind, received, message } = row;
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  return { sequence, command, agent, kind, received: toInstant(received.getTime()), message: bytes.toString('base64') };
}

/** An action in base64 with its signatures, the wrapped key, and JSON around them. */
export const submissionBytes = 768 * 1024;

export function addActionRoutes(app: Api, { database, publisher }: ApiContext): void {
  const config = { role: 'investigator', personal: true } as const;

  app.post(
    '/actions',
    { config, bodyLimit: submissionBytes, schema: { body: ActionSubmission, response: { 201: ActionSummary } } },
    async (request, reply) => {
      const { name, key, fingerprint } = investigatorOf(request);
      const submitter = { investigator: name, fingerprint, keys: [key] };
      return reply.code(201).send(await submitAction(database, publisher, submitter, request.body));
    },
  );

  app.get(
    '/actions',
    { schema: { querystring: ActionsQuery, response: { 200: ActionsResponse } } },
    async (request) => {
      const { actions, next } = await listActions(database.db, request.query);
      return { actions: actions.map(toSummary), next };
    },
  );

  app.get('/actions/:id', { schema: { params: ActionPath, response: { 200: ActionDetail } } }, async (request) => {
    const row = await findAction(database.db, request.params.id);
    if (row === undefined) throw unknownAction(request.params.id);
    const { payload, signatures, wrappedreplykey } = row;
    const envelope = { payload: Buffer.from(payload).toString('base64'), signatures };
    return { ...toSummary(row), envelope, wrappedreplykey };
  });

  app.post(
    '/actions/:id/cancel',
    { config, schema: { params: ActionPath, response: { 202: ActionSummary } } },
    async (request, reply) => {
      const { id } = request.params;
      const row = await cancelAction(database, publisher, investigatorOf(request), id);
      if (row === undefined) throw unknownAction(id);
      return reply.code(202).send(toSummary(row));
    },
  );

  app.get(
    '/actions/:id/reports',
    { schema: { params: ActionPath, querystring: ReportsQuery, response: { 200: ReportsResponse } } },
    async (request) => {
      const { after, limit } = request.query;
      const { id } = request.params;
      const { reports } = await listReports(database.db, id, after, limit);
      const last = reports.at(-1);
      if (last === undefined && (await findCounts(database.db, id)) === undefined) throw unknownAction(id);
      // A page may be short of its limit because its reports are large; only an empty one is the end.
      return { reports: reports.map(toReport), next: last === undefined ? null : last.sequence };
    },
  );
}
