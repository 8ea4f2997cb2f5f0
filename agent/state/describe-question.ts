/** Questions in words, for the owner's view of the audit log. */
import type { Module } from '../../modules/kit/module.ts';
import type { ModuleTable } from '../../modules/registry.ts';

/** Undefined where the parameters say enough themselves. */
export type DescribeQuestion = (module: string, parameters: unknown) => readonly string[] | undefined;

/** Knows the modules of this agent. */
export async function loadDescriber(modules: ModuleTable): Promise<DescribeQuestion> {
  const known = new Map<string, Module>();
  for (const [name, { loadModule }] of Object.entries(modules)) known.set(name, await loadModule());
  return (name, parameters) => {
    const module = known.get(name);
    const parsed = module?.parameters.safeParse(parameters);
    return parsed?.success === true ? module?.describe(parsed.data) : undefined;
  };
}
