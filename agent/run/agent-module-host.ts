/** The module host of an agent: its processes are this very executable, and open none of the agents' own files. */
import { findOwnExecutable } from '../../host/own-executable.ts';
import { ModuleHost } from '../../modules/host/module-host.ts';
import type { ModuleTable } from '../../modules/registry.ts';
import { ownFolders } from '../state/state-directory.ts';

/** @param withheld folders beside those where agents usually keep their keys. */
export function agentModuleHost(modules: ModuleTable, withheld: readonly string[] = []): ModuleHost {
  const command = findOwnExecutable();
  const folders = [...new Set([...withheld, ...ownFolders()])];
  return new ModuleHost(modules, folders, { command, args: [], argv0: 'mig-agent-module' });
}
