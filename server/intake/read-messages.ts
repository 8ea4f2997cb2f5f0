/** From what came over the broker to messages that agents have signed; the rest is dropped and counted. */
import { type AgentMessage, verifyAgentMessage } from '../../protocol/agent-message.ts';
import { CodedError } from '../../protocol/coded-error.ts';
import type { Log } from '../log.ts';

/** Why a message from an agent was not taken. */
export type DropReason =
  | 'agent-message-malformed'
  | 'agent-message-forged'
  | 'unexpected-kind'
  | 'unknown-command'
  | 'heartbeat-out-of-time';

/** Counts since the start of this server, and says so in the log without any content. */
export class DropCounter {
  readonly #log: Log;
  readonly counts = new Map<DropReason, number>();

  constructor(log: Log) {
    this.#log = log;
  }

  drop(reason: DropReason): void {
    const count = (this.counts.get(reason) ?? 0) + 1;
    this.counts.set(reason, count);
    this.#log.warn({ reason, count }, 'agent message dropped');
  }
}

export interface SignedMessage {
  readonly message: AgentMessage;
  readonly bytes: Buffer;
}

export function readMessages(bodies: readonly Buffer[], drops: DropCounter): SignedMessage[] {
  const messages: SignedMessage[] = [];
  for (const bytes of bodies) {
    try {
      messages.push({ message: verifyAgentMessage(bytes), bytes });
    } catch (error) {
      const forged = error instanceof CodedError && error.code === 'agent-message-forged';
      drops.drop(forged ? 'agent-message-forged' : 'agent-message-malformed');
    }
  }
  return messages;
}
