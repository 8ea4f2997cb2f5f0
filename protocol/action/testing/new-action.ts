/** An action that is well-formed; each test changes what it is about. */
import { newActionId, sha256Hex } from '../../base/identifiers.ts';
import { toInstant } from '../../base/instant.ts';
import { newReplyKey } from '../../result/sealed.ts';
import type { Action } from '../action.ts';

/** Valid from a minute ago for five minutes. The wrapped reply key is empty: agents never see it. */
export function newAction(changes: Partial<Action> = {}): Action {
  const nowMs = Date.now();
  return {
    syntaxversion: 3,
    id: newActionId(),
    fleet: 'test',
    name: 'test',
    description: {},
    threat: {},
    target: 'all',
    validfrom: toInstant(nowMs - 60_000),
    expireafter: toInstant(nowMs + 300_000),
    operations: [{ module: 'fault', parameters: { fault: 'none' } }],
    limits: {},
    replykey: newReplyKey().publicKey,
    wrappedreplykeydigest: sha256Hex(''),
    readers: [],
    ...changes,
  };
}
