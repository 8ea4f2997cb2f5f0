/** The modules for those who run them on this machine, by name. One line each. */
import type * as z from 'zod';
import type { ModuleRun } from './contract.ts';
import { run as runFile } from './file/run.ts';
import { spec as fileSpec } from './file/spec.ts';
import { run as runMemory } from './memory/run.ts';
import { spec as memorySpec } from './memory/spec.ts';
import { run as runNetstat } from './netstat/run.ts';
import { spec as netstatSpec } from './netstat/spec.ts';
import { run as runProcess } from './process/run.ts';
import { spec as processSpec } from './process/spec.ts';

/** A runner that takes unchecked parameters: they pass the module's schema first. @throws ZodError */
function checked<Parameters>(
  spec: { readonly parameters: z.ZodType<Parameters> },
  run: ModuleRun<Parameters>,
): ModuleRun<unknown> {
  return async (parameters, context) => run(spec.parameters.parse(parameters), context);
}

export const runners: Readonly<Record<string, ModuleRun<unknown>>> = {
  file: checked(fileSpec, runFile),
  memory: checked(memorySpec, runMemory),
  netstat: checked(netstatSpec, runNetstat),
  process: checked(processSpec, runProcess),
};
