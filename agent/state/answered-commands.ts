/** The commands that the heartbeats tell of, so that a relay that keeps an answer back is seen. A relay must not fill the list. */
import { maximumAnswered } from '../../protocol/agent-message/agent-message.ts';
import { type ActionId, type AgentId, type CommandId, commandIdOf } from '../../protocol/base/identifiers.ts';

/** How long after the end of its action a command is still told of: investigators come back to late answers. */
const toldAfterMs = 3_600_000;

/**
 * Only actions that passed every check are added, each once: their number is in the hands of the people whom this agent
 * obeys. To drive one out, as many later questions of theirs must be answered here.
 */
export class AnsweredCommands {
  readonly #agent: AgentId;
  /** Until when each is told of; in the order of the answers. */
  readonly #untilMs = new Map<CommandId, number>();

  constructor(agent: AgentId) {
    this.#agent = agent;
  }

  /** @param expiresMs of the action. */
  add(action: ActionId, expiresMs: number): void {
    const command = commandIdOf(action, this.#agent);
    if (this.#untilMs.has(command)) return;
    this.#untilMs.set(command, expiresMs + toldAfterMs);
    const [oldest] = this.#untilMs.keys();
    if (oldest !== undefined && this.#untilMs.size > maximumAnswered) this.#untilMs.delete(oldest);
  }

  /** The latest last. */
  list(nowMs: number): CommandId[] {
    for (const [command, untilMs] of this.#untilMs) if (untilMs < nowMs) this.#untilMs.delete(command);
    return [...this.#untilMs.keys()];
  }
}
