/** All modules, by name; each is loaded when it is asked for. */
import type { Module } from './kit/module.ts';
import type { AnyRun } from './kit/work.ts';
import { loaders } from './registry.generated.ts';

export interface ModuleLoader {
  readonly loadModule: () => Promise<Module>;
  /** Loads native code. */
  readonly loadRun: () => Promise<AnyRun>;
}

export type ModuleTable = Readonly<Record<string, ModuleLoader>>;

export function findLoader(table: ModuleTable, name: string): ModuleLoader | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** For questions of one module to others. */
export function finderOf(table: ModuleTable) {
  return async (name: string): Promise<{ readonly module: Module; readonly run: AnyRun } | undefined> => {
    const loader = findLoader(table, name);
    if (loader === undefined) return undefined;
    const [module, run] = await Promise.all([loader.loadModule(), loader.loadRun()]);
    return { module, run };
  };
}

export { loaders };

export const moduleNames: readonly string[] = Object.keys(loaders);

/** By name, in the order of the names. @param names some of `moduleNames`. */
export async function loadModules(names: readonly string[] = moduleNames): Promise<ReadonlyMap<string, Module>> {
  const modules = new Map<string, Module>();
  for (const name of names) {
    const module = await findLoader(loaders, name)?.loadModule();
    if (module !== undefined) modules.set(name, module);
  }
  return modules;
}
