/** Makes the action of a question: its signed bytes, its signature, its wrapped reply key. */

import {
  type Action,
  Action as ActionSchema,
  maximumActionBytes,
  syntaxVersion,
} from '../../protocol/action/action.ts';
import { toSignedBytes } from '../../protocol/action/envelope.ts';
import { toWrappedReplyKeyDigest } from '../../protocol/action/wrapped-reply-key.ts';
import type { ActionSubmission } from '../../protocol/api/api.ts';
import { clockToleranceMs } from '../../protocol/base/clock.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { newActionId } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { newReplyKey, type ReplyKey, ResultOpener } from '../../protocol/result/sealed.ts';
import type { InvestigatorKey } from '../keys/investigator-key.ts';
import type { PublicKeyFile } from '../keys/public-key-file.ts';
import { splitHint } from './split-hint.ts';
import { wrapReplyKey } from './wrapped-reply-key.ts';

/** The part of a question that files keep: no target, no time, no people. */
export type ActionTemplate = Pick<Action, 'name' | 'description' | 'threat' | 'operations' | 'limits'>;

export interface Question {
  readonly template: ActionTemplate;
  readonly fleet: string;
  readonly target: string;
  readonly expiryMs: number;
  /** People who may open the answers beside the one who asks. */
  readonly readers?: readonly PublicKeyFile[];
}

export interface NewAction {
  readonly action: Action;
  /** The bytes that are signed. Every answer must be about them. */
  readonly signedBytes: Buffer;
  readonly replyKey: ReplyKey;
  readonly opener: ResultOpener;
  readonly submission: ActionSubmission;
}

/** The reply key is wrapped first, for the signature covers its digest. @throws CodedError<InvestigatorKeyCode> */
export async function newAction(question: Question, key: InvestigatorKey): Promise<NewAction> {
  const { readers = [] } = question;
  const nowMs = Date.now();
  const replyKey = newReplyKey();
  const id = newActionId();
  const wrappedreplykey = await wrapReplyKey(id, replyKey, key, readers);
  const action = ActionSchema.parse({
    syntaxversion: syntaxVersion,
    id,
    fleet: question.fleet,
    ...question.template,
    target: question.target,
    // An action made now must be valid for an agent whose clock is a little behind, as in the original.
    validfrom: toInstant(nowMs - clockToleranceMs),
    expireafter: toInstant(nowMs + question.expiryMs),
    replykey: replyKey.publicKey,
    wrappedreplykeydigest: toWrappedReplyKeyDigest(wrappedreplykey),
    readers: [key.fingerprint, ...readers.map(({ fingerprint }) => fingerprint)],
  });
  const signedBytes = toSignedBytes(action);
  if (signedBytes.length > maximumActionBytes)
    throw new CodedError(
      'action-too-large',
      `expected a question of at most ${maximumActionBytes} bytes as JSON, got ${signedBytes.length}`,
      { hint: splitHint },
    );
  const envelope = { payload: signedBytes.toString('base64'), signatures: [await key.sign(signedBytes)] };
  const opener = new ResultOpener(replyKey.privateKey);
  return { action, signedBytes, replyKey, opener, submission: { envelope, wrappedreplykey } };
}

/** The template as a file that `mig run` reads. */
export function toActionFile(template: ActionTemplate, target: string) {
  const { name, description, threat, operations, limits } = template;
  return { syntaxversion: syntaxVersion, name, description, threat, target, operations, limits };
}
