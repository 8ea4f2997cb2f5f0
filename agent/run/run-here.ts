/** `mig-agent run MODULE`: a module in a process of its own, as an action would run it, with parameters from standard input. */
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { openStandardOutput } from '../../host/standard-output.ts';
import { findLoader, type ModuleTable } from '../../modules/registry.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { agentModuleHost } from './agent-module-host.ts';
import { toModuleLimits } from './module-limits.ts';

/** The message that modules of the original took on standard input. */
const FormerMessage = z.strictObject({ class: z.literal('parameters'), parameters: z.unknown() });

/**
 * Prints the outcome as JSON.
 * @returns the exit code.
 * @throws CodedError usage, bad-parameters
 */
export async function runModuleHere(
  environment: BakedEnvironment,
  modules: ModuleTable,
  name: string | undefined,
): Promise<number> {
  const known = name === undefined ? undefined : findLoader(modules, name);
  if (name === undefined || known === undefined)
    throw new CodedError(
      'usage',
      `expected one of the modules ${Object.keys(modules).join(', ')}, got ${name ?? 'none'}`,
    );
  let value: unknown;
  try {
    value = JSON.parse(await text(process.stdin));
  } catch (cause) {
    throw new CodedError('usage', `expected the parameters as JSON on standard input: ${toMessage(cause)}`, { cause });
  }
  const parameters = (await known.loadModule()).parameters.safeParse(
    FormerMessage.safeParse(value).data?.parameters ?? value,
  );
  if (!parameters.success) throw new CodedError('bad-parameters', z.prettifyError(parameters.error));
  const limits = toModuleLimits(environment.limits, {});
  const { result } = await agentModuleHost(modules).run(name, parameters.data, limits, null);
  openStandardOutput().write(`${JSON.stringify(result, null, 2)}\n`);
  return result.success ? 0 : 1;
}
