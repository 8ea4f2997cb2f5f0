/** Which of an environment's modules are for a system: the others' code is not in its agent. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';

const Declared = z.object({ spec: z.object({ platforms: z.array(z.string()) }) });

/**
 * @param root absolute path of the checkout.
 * @param os as Node names it.
 */
export async function modulesFor(root: string, modules: readonly string[], os: string): Promise<string[]> {
  const declared = await Promise.all(
    modules.map(async (name) =>
      Declared.parse(await import(pathToFileURL(join(root, 'modules', name, 'spec.ts')).href)),
    ),
  );
  return modules.filter((_, index) => declared[index]?.spec.platforms.includes(os));
}
