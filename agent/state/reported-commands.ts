/** The commands that the heartbeats list, so that a relay that keeps a report back is seen. A relay must not fill the list. */
import { maximumReported } from '../../protocol/agent-message/agent-message.ts';
import { type ActionId, type AgentId, type CommandId, commandIdOf } from '../../protocol/base/identifiers.ts';

/** How long after the end of its action a command is still listed: investigators come back to late answers. */
const listedAfterMs = 3_600_000;

/**
 * Only actions that passed every check are added, each once: their number is in the hands of the people whom this agent
 * obeys. To drive one out, as many later actions of theirs must be reported here.
 */
export class ReportedCommands {
  readonly #agent: AgentId;
  /** Until when each is listed; in the order of the reports. */
  readonly #untilMs = new Map<CommandId, number>();

  constructor(agent: AgentId) {
    this.#agent = agent;
  }

  /** @param expiresMs of the action. */
  add(action: ActionId, expiresMs: number): void {
    const command = commandIdOf(action, this.#agent);
    if (this.#untilMs.has(command)) return;
    this.#untilMs.set(command, expiresMs + listedAfterMs);
    const [oldest] = this.#untilMs.keys();
    if (oldest !== undefined && this.#untilMs.size > maximumReported) this.#untilMs.delete(oldest);
  }

  /** The latest last. */
  list(nowMs: number): CommandId[] {
    for (const [command, untilMs] of this.#untilMs) if (untilMs < nowMs) this.#untilMs.delete(command);
    return [...this.#untilMs.keys()];
  }
}
