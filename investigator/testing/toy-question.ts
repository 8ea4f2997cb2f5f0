/** A question to the toy module, and what its answers are held against. */
import { Action } from '../../protocol/action/action.ts';
import { toSignedBytes } from '../../protocol/action/envelope.ts';
import { newActionId, sha256Hex } from '../../protocol/base/identifiers.ts';
import { newReplyKey, ResultOpener } from '../../protocol/result/sealed.ts';
import type { Expected } from '../answers/answer.ts';
import { toyModules } from './toy-module.ts';

export function newToyQuestion(): Expected & { readonly signedBytes: Buffer } {
  const replyKey = newReplyKey();
  const action = Action.parse({
    syntaxversion: 3,
    id: newActionId(),
    fleet: 'production',
    name: 'a question',
    description: {},
    threat: {},
    target: 'all',
    validfrom: '2026-01-31T07:00:00Z',
    expireafter: '2026-01-31T08:00:00Z',
    operations: [{ module: 'toy', parameters: { words: ['wget'] } }],
    limits: {},
    replykey: replyKey.publicKey,
    wrappedreplykeydigest: 'c'.repeat(64),
    readers: ['A'.repeat(40)],
  });
  const signedBytes = toSignedBytes(action);
  const opener = new ResultOpener(replyKey.privateKey);
  return { action, signedBytes, digest: sha256Hex(signedBytes), opener, modules: toyModules };
}
