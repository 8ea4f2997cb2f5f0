/** All that an agent verifies actions with: baked in, its own facts, and its trust list. */
import type { ModuleTable } from '../../modules/registry.ts';
import type { AgentFacts } from '../../protocol/agent-message/agent-message.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import type { Trust } from '../state/trust-store.ts';

export interface Verifier {
  readonly environment: BakedEnvironment;
  /** The people whom this agent obeys at that time. */
  readonly trust: (nowMs: number) => Trust;
  readonly modules: ModuleTable;
  readonly agent: AgentId;
  readonly startedMs: number;
  readonly readFacts: () => AgentFacts;
  readonly matchRegex: (pattern: string, ignoreCase: boolean, text: string) => boolean;
}
