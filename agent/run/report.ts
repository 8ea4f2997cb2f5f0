/** Step 6 of docs/protocol.md: what an agent reports on a command, sealed and signed with its own key. */

import { type ResultMessage, signAgentMessage } from '../../protocol/agent-message/agent-message.ts';
import { type CommandId, commandIdOf } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import type { Result } from '../../protocol/result/result.ts';
import { sealResult } from '../../protocol/result/sealed.ts';
import type { Identity } from '../state/identity.ts';
import type { Refusal } from '../verify/refusal.ts';

/** The agent's identity, and the number of its next message. */
export interface Speaker extends Identity {
  readonly nextSequence: () => number;
}

export interface ResultReport {
  readonly state: ResultMessage['state'];
  readonly message: Buffer;
}

function stateOf({ operations }: Result): ResultMessage['state'] {
  if (operations.some(({ receipt }) => receipt.cutshort === 'cancelled')) return 'cancelled';
  return operations.every(({ success }) => success) ? 'succeeded' : 'failed';
}

export function toResultReport(speaker: Speaker, result: Result, replyKey: string): ResultReport {
  const state = stateOf(result);
  const message = signAgentMessage(
    {
      kind: 'result',
      agent: speaker.id,
      publickey: speaker.publicKey,
      sequence: speaker.nextSequence(),
      command: commandIdOf(result.action, speaker.id),
      action: result.action,
      actiondigest: result.actiondigest,
      state,
      sealed: sealResult(result, replyKey),
    },
    speaker.privateKey,
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
export function toRefusalReport(speaker: Speaker, command: CommandId, { digest, code }: Refusal): Buffer {
  return signAgentMessage(
    {
      kind: 'refusal',
      agent: speaker.id,
      publickey: speaker.publicKey,
      sequence: speaker.nextSequence(),
      command,
      actiondigest: digest,
      code,
      time: toInstant(Date.now()),
    },
    speaker.privateKey,
  );
}
