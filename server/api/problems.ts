/** Errors of requests, as problem details (RFC 9457). */

import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import * as z from 'zod';
import type { Log } from '../../host/log.ts';
import type { EnvelopeCode } from '../../protocol/action/envelope.ts';
import type { WrappedReplyKeyCode } from '../../protocol/action/wrapped-reply-key.ts';
import type { Problem } from '../../protocol/api/api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { KeyCode } from '../../protocol/signatures/openpgp-keys.ts';
import type { TargetError } from '../../protocol/target/target-error.ts';
import type { TrustCode } from '../../protocol/trust/trust-refusals.ts';
import type { LoginAddressCode } from '../access/login-address.ts';
import { isDataError, isOutage } from '../database/errors.ts';
import type { CancelCode } from '../dispatch/cancel-action.ts';
import type { ProposalCode } from '../dispatch/proposals.ts';
import type { SubmitCode } from '../dispatch/submit-action.ts';
import type { Failures } from '../failures.ts';

/** Where the server's own faults are told. */
interface ProblemReports {
  readonly log: Log;
  readonly failures: Failures;
}

export type ApiCode =
  | 'not-found'
  | 'session-required'
  | 'not-allowed'
  | 'investigator-exists'
  | 'login-refused'
  | 'too-many-requests'
  | 'bad-request'
  | 'too-large'
  | 'unavailable'
  | 'internal';

/** What the API answers with a problem of its own; other errors are the server's fault. */
type ProblemCode =
  | ApiCode
  | LoginAddressCode
  | KeyCode
  | EnvelopeCode
  | WrappedReplyKeyCode
  | TargetError['code']
  | SubmitCode
  | ProposalCode
  | CancelCode
  // Only an agent knows what is baked in.
  | Exclude<TrustCode, 'trust-out-of-bounds'>;

const statusOfCode: Readonly<Record<ProblemCode, number>> = {
  'bad-request': 400,
  'not-found': 404,
  unavailable: 503,
  'session-required': 401,
  'not-allowed': 403,
  'investigator-exists': 409,
  'proposal-exists': 409,
  'signature-not-accepted': 422,
  'too-many-signatures': 422,
  'key-unreadable': 422,
  'key-is-private': 422,
  'key-not-alone': 422,
  'key-revoked': 422,
  'key-expired': 422,
  'key-weak': 422,
  'key-cannot-sign': 422,
  'key-cannot-encrypt': 422,
  'login-refused': 401,
  'login-for-another-relay': 403,
  'login-certificate-differs': 403,
  'too-many-requests': 429,
  'too-large': 413,
  internal: 500,
  'not-signed-by-session': 403,
  'signed-later': 422,
  'not-your-action': 403,
  'action-exists': 409,
  'other-than-proposed': 409,
  'not-a-reader': 403,
  'wrapped-key-mismatch': 422,
  'action-expired': 422,
  'action-not-yet-valid': 422,
  malformed: 422,
  'trust-malformed': 422,
  'trust-not-configured': 422,
  'trust-bad-signature': 422,
  'trust-threshold': 422,
  'trust-wrong-fleet': 422,
  'trust-not-yet-valid': 422,
  'trust-expired': 422,
  'trust-older': 409,
  'target-malformed': 422,
};

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(statusOfCode, code);
}

/** For a 204. */
export const noContent = z.null().describe('done');

/** @param status another than that of the code, where HTTP has one that says more. */
function toProblem(code: ProblemCode, title: string, detail?: string, status: number = statusOfCode[code]): Problem {
  return { type: `urn:mig:problem:${code}`, title, status, code, ...(detail === undefined ? {} : { detail }) };
}

function sendProblem(reply: FastifyReply, problem: Problem): void {
  // As a string, so that no route's response schema is applied to it.
  void reply
    .code(problem.status)
    .header('content-type', 'application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(problem);
}

function problemOf(error: FastifyError, { log, failures }: ProblemReports): Problem {
  if (error instanceof CodedError && isProblemCode(error.code)) return toProblem(error.code, error.message, error.hint);
  if (hasZodFastifySchemaValidationErrors(error)) return toProblem('bad-request', error.message);
  if (error.statusCode === 413) return toProblem('too-large', error.message);
  if (error.statusCode === 429) return toProblem('too-many-requests', error.message);
  if (error.statusCode !== undefined && error.statusCode < 500)
    return toProblem('bad-request', error.message, undefined, error.statusCode);
  if (isDataError(error)) return toProblem('malformed', 'expected texts and times that a database can hold');
  if (isOutage(error)) {
    failures.databaseLost(error);
    return toProblem('unavailable', 'the database cannot be reached');
  }
  // Not the error as it is: the database's errors hold parameters and rows.
  log.error({ code: error.code, reason: error.message, stack: error.stack }, 'request failed');
  return toProblem('internal', 'the relay could not do this; its log says why');
}

/** Statuses of requests that node:http could not read, by its codes. */
const unreadable: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers what was no HTTP; there is no request and no reply yet, only the connection. */
export function handleClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = unreadable[error.code ?? ''] ?? 400;
  const body = JSON.stringify(toProblem('bad-request', 'expected an HTTP request', undefined, status));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** Answers what has no route because its path cannot be read. */
export function handleFrameworkError(error: FastifyError, _request: unknown, reply: FastifyReply): void {
  sendProblem(reply, toProblem('bad-request', 'expected a path that can be read', undefined, error.statusCode));
}

export function handleProblems(app: FastifyInstance, reports: ProblemReports): void {
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    const problem = problemOf(error, reports);
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    sendProblem(reply, problem);
  });
  app.setNotFoundHandler((request, reply) => {
    sendProblem(reply, toProblem('not-found', `expected a path of the API, got ${request.method} of another`));
  });
}
