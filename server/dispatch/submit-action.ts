/** Takes an action from an investigator: the relay's own checks, then the action and its commands in one transaction. */

import type { PublicKey } from 'openpgp';
import type { Action } from '../../protocol/action/action.ts';
import { parseSignedBytes } from '../../protocol/action/envelope.ts';
import { assertWrappedReplyKey } from '../../protocol/action/wrapped-reply-key.ts';
import { type ActionSubmission, type ActionSummary, noCounts } from '../../protocol/api/api.ts';
import { latestNow } from '../../protocol/base/clock.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { type SignatureOutcome, verifyDetached } from '../../protocol/signatures/signatures.ts';
import { parseTarget } from '../../protocol/target/parser.ts';
import type { Database } from '../database/database.ts';
import { dispatchAction } from '../database/dispatch.ts';
import { findProposedBytes } from '../database/proposals.ts';
import type { Db } from '../database/schema.ts';
import { compileTarget } from '../target-sql.ts';
import type { OutboxPublisher } from './outbox-publisher.ts';

export type SubmitCode =
  | 'not-signed-by-session'
  | 'signed-later'
  | 'action-expired'
  | 'action-not-yet-valid'
  | 'action-exists'
  | 'other-than-proposed'
  | 'not-a-reader';

const compareClocks = 'compare the clocks of your machine and of the relay';

export interface Submitter {
  readonly investigator: string;
  readonly fingerprint: Fingerprint;
  /** The keys that this investigator may log in with. */
  readonly keys: readonly PublicKey[];
}

export function signedLater(): CodedError<SubmitCode> {
  return new CodedError('signed-later', 'expected a signature made by now, got one from the future', {
    hint: compareClocks,
  });
}

/** @throws CodedError<SubmitCode> not-signed-by-session, signed-later */
async function assertSigned(
  bytes: Uint8Array,
  signatures: readonly string[],
  keys: readonly PublicKey[],
): Promise<void> {
  const outcomes: SignatureOutcome['kind'][] = [];
  for (const armored of signatures) outcomes.push((await verifyDetached(bytes, armored, keys, latestNow())).kind);
  if (outcomes.includes('valid')) return;
  if (outcomes.includes('signed-later')) throw signedLater();
  throw new CodedError<SubmitCode>(
    'not-signed-by-session',
    'expected a valid signature by the investigator whose session this is',
    { hint: 'sign the action with the key that you logged in with' },
  );
}

/** @throws CodedError<SubmitCode> action-expired */
export function assertNotExpired({ expireafter }: Action): void {
  if (Date.parse(expireafter) <= Date.now())
    throw new CodedError<SubmitCode>(
      'action-expired',
      `expected an action that is still valid, got one until ${expireafter}`,
    );
}

/** @throws CodedError<SubmitCode> action-expired, action-not-yet-valid */
function assertCurrent(action: Action): void {
  const nowMs = Date.now();
  assertNotExpired(action);
  if (Date.parse(action.validfrom) > latestNow(nowMs).getTime())
    throw new CodedError<SubmitCode>(
      'action-not-yet-valid',
      `expected an action that is valid now, got one from ${action.validfrom}`,
      { hint: compareClocks },
    );
}

/**
 * Under a proposal's id nothing else is asked, and nobody asks it but those who may open the answers: who proposes names
 * them, and anybody else could take the id away before enough people have signed.
 * @throws CodedError<SubmitCode> other-than-proposed, not-a-reader
 */
async function assertAsProposed(
  db: Db,
  { id, readers }: Action,
  bytes: Buffer,
  { fingerprint }: Submitter,
): Promise<void> {
  const proposed = await findProposedBytes(db, id);
  if (proposed === undefined) return;
  if (!bytes.equals(proposed))
    throw new CodedError<SubmitCode>('other-than-proposed', `expected what was proposed as ${id}, got something else`, {
      hint: 'a new action has an id of its own',
    });
  if (!readers.includes(fingerprint))
    throw new CodedError<SubmitCode>('not-a-reader', `expected one of the readers of proposal ${id}`, {
      hint: 'who proposes names the readers: mig propose FILE -reader KEY',
    });
}

/**
 * Returns when the action is safe in the database; its commands are then on their way to the broker.
 * @throws CodedError<SubmitCode | WrappedReplyKeyCode | 'malformed' | 'target-malformed'>
 */
export async function submitAction(
  database: Database,
  publisher: OutboxPublisher,
  submitter: Submitter,
  submission: ActionSubmission,
): Promise<ActionSummary> {
  const { envelope, wrappedreplykey } = submission;
  const bytes = Buffer.from(envelope.payload, 'base64');
  await assertSigned(bytes, envelope.signatures, submitter.keys);
  const action = parseSignedBytes(bytes);
  assertCurrent(action);
  assertWrappedReplyKey(action, submission);
  await assertAsProposed(database.db, action, bytes, submitter);
  const target = compileTarget(parseTarget(action.target));
  const expireafter = new Date(action.expireafter);
  const created = toInstant(Date.now());
  const row = {
    id: action.id,
    fleet: action.fleet,
    name: action.name,
    target: action.target,
    validfrom: new Date(action.validfrom),
    expireafter,
    investigator: submitter.investigator,
    payload: bytes,
    signatures: envelope.signatures,
    wrappedreplykey,
  };
  const dispatched = await database.db.transaction().execute((tx) => dispatchAction(tx, row, target));
  if (dispatched === null)
    throw new CodedError<SubmitCode>('action-exists', `expected a new action, got ${action.id} again`);
  void publisher.publish(action.id, { envelope, expireafter }, dispatched.leased);
  const { id, name, validfrom } = action;
  return {
    id,
    name,
    target: action.target,
    validfrom,
    expireafter: action.expireafter,
    created,
    investigator: submitter.investigator,
    cancelled: null,
    counts: { ...noCounts, queued: dispatched.count },
  };
}
