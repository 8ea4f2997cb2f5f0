/** Verifies the messages that came over the broker. Those that no agent signed go to the poison queue. */

import type { Log } from '../../host/log.ts';
import { type AgentMessage, verifyAgentMessage } from '../../protocol/agent-message/agent-message.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { Database } from '../database/database.ts';
import type { Metrics } from '../metrics.ts';
import type { PoisonQueue } from './poison-queue.ts';

/** The parts that intake needs. */
export interface Intake {
  readonly database: Database;
  readonly poison: PoisonQueue;
  readonly metrics: Metrics;
  readonly log: Log;
}

export interface SignedMessage {
  readonly message: AgentMessage;
  readonly bytes: Buffer;
}

/** @param maximumBytes a longer message goes to the poison queue unread. */
export function readMessages(
  bodies: readonly Buffer[],
  { poison, metrics }: Intake,
  maximumBytes?: number,
): SignedMessage[] {
  const messages: SignedMessage[] = [];
  for (const bytes of bodies) {
    try {
      const message = verifyAgentMessage(bytes, maximumBytes);
      metrics.message(message.kind);
      messages.push({ message, bytes });
    } catch (error) {
      const forged = error instanceof CodedError && error.code === 'agent-message-forged';
      poison.add(forged ? 'agent-message-forged' : 'agent-message-malformed', bytes);
    }
  }
  return messages;
}
