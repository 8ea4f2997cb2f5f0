/** What an agent says about a command, signed with its own key. */
import { toInstant } from '../protocol/action.ts';
import { type ResultMessage, signAgentMessage } from '../protocol/agent-message.ts';
import { type CommandId, commandIdOf } from '../protocol/identifiers.ts';
import type { Result } from '../protocol/result.ts';
import { sealResult } from '../protocol/sealed.ts';
import type { Identity } from './identity.ts';
import type { Refusal } from './verification.ts';

export interface Answer {
  readonly state: ResultMessage['state'];
  readonly message: Buffer;
}

function stateOf({ operations }: Result): ResultMessage['state'] {
  if (operations.some(({ receipt }) => receipt.cutshort === 'cancelled')) return 'cancelled';
  return operations.every(({ success }) => success) ? 'succeeded' : 'failed';
}

export function toResultMessage(identity: Identity, result: Result, replyKey: string): Answer {
  const state = stateOf(result);
  const message = signAgentMessage(
    {
      kind: 'result',
      agent: identity.id,
      publickey: identity.publicKey,
      command: commandIdOf(result.action, identity.id),
      action: result.action,
      actiondigest: result.actiondigest,
      state,
      sealed: sealResult(result, replyKey),
    },
    identity.privateKey,
  );
  return { state, message };
}

export function toRunningMessage(identity: Identity, command: CommandId): Buffer {
  return signAgentMessage(
    { kind: 'running', agent: identity.id, publickey: identity.publicKey, command },
    identity.privateKey,
  );
}

/** @param command as the relay named it: an action that was refused has no name of its own to go by. */
export function toRefusalMessage(identity: Identity, command: CommandId, { digest, code }: Refusal): Buffer {
  return signAgentMessage(
    {
      kind: 'refusal',
      agent: identity.id,
      publickey: identity.publicKey,
      command,
      actiondigest: digest,
      code,
      time: toInstant(Date.now()),
    },
    identity.privateKey,
  );
}
