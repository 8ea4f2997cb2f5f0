/** The modules that are part of this agent, by name; their code is loaded when it is asked for, most of it only in a module process. */
import type { ModuleRun, ModuleSpec } from '../modules/contract.ts';

export interface AgentModule {
  readonly loadSpec: () => Promise<ModuleSpec>;
  readonly loadRun: () => Promise<ModuleRun<never>>;
}

export type ModuleTable = Readonly<Record<string, AgentModule>>;

export function findModule(table: ModuleTable, name: string): AgentModule | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
