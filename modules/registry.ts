/** The modules for those who ask and print, by name; each is loaded when it is asked for, without native code. One entry each. */
import type { ModuleFace } from './contract.ts';

type LoadModule = () => Promise<ModuleFace>;

const loaders: Readonly<Record<string, LoadModule>> = {
  file: async () => ({ spec: (await import('./file/spec.ts')).spec, cli: (await import('./file/cli.ts')).cli }),
  memory: async () => ({ spec: (await import('./memory/spec.ts')).spec, cli: (await import('./memory/cli.ts')).cli }),
  netstat: async () => ({
    spec: (await import('./netstat/spec.ts')).spec,
    cli: (await import('./netstat/cli.ts')).cli,
  }),
  process: async () => ({
    spec: (await import('./process/spec.ts')).spec,
    cli: (await import('./process/cli.ts')).cli,
  }),
};

export const moduleNames: readonly string[] = Object.keys(loaders);

/** By name, in the order of the names. @param names some of `moduleNames`. */
export async function loadModules(names: readonly string[] = moduleNames): Promise<ReadonlyMap<string, ModuleFace>> {
  const modules = new Map<string, ModuleFace>();
  for (const name of names) {
    const module = await loaders[name]?.();
    if (module !== undefined) modules.set(name, module);
  }
  return modules;
}
