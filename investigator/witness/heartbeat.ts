/** Heartbeats as agents signed them: what the relay says of an agent is held against them. */
import {
  type Heartbeat,
  maximumPlainMessageBytes,
  verifyAgentMessage,
} from '../../protocol/agent-message/agent-message.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { type ActionId, type AgentId, commandIdOf } from '../../protocol/base/identifiers.ts';

/** Undefined when it is not a heartbeat of this agent. @param signed base64. */
export function openHeartbeat(agent: AgentId, signed: string): Heartbeat | undefined {
  try {
    const message = verifyAgentMessage(Buffer.from(signed, 'base64'), maximumPlainMessageBytes);
    return message.kind === 'heartbeat' && message.agent === agent ? message : undefined;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return undefined;
  }
}

/** A report that was confirmed this long before may still be on its way into the relay's database. */
const onItsWayMs = 10_000;

/** Whether the agent itself says that it has answered or refused this action, and the relay shows nothing of it. */
export function isAnswerWithheld(agent: AgentId, signed: string | null, action: ActionId, nowMs: number): boolean {
  const heartbeat = signed === null ? undefined : openHeartbeat(agent, signed);
  if (heartbeat === undefined) return false;
  return heartbeat.reported.includes(commandIdOf(action, agent)) && Date.parse(heartbeat.time) < nowMs - onItsWayMs;
}
