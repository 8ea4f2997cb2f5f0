/** The modules that are part of this agent, by name. */
import type { ModuleRun, ModuleSpec } from '../modules/contract.ts';

export interface AgentModule {
  readonly spec: ModuleSpec;
  readonly run: ModuleRun<never>;
}

export type ModuleTable = Readonly<Record<string, AgentModule>>;

export function findModule(table: ModuleTable, name: string): AgentModule | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
