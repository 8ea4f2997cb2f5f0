/** The messages between the agent and a module process: a request on standard input, an outcome on descriptor 3. */
import * as z from 'zod';
import type { Need } from '../../protocol/environment/need.ts';
import { OperationResult } from '../../protocol/result/result.ts';
import type { Protection } from '../kit/gate.ts';
import type { ModuleLimits } from '../kit/work.ts';

/** Rights that a module process keeps. They are the first line of its input, which it reads before anything else. */
export interface ModuleRights {
  readonly needs: readonly Need[];
  /** Folders whose files stay closed to modules. */
  readonly withheld: readonly string[];
}

/** Longer than any path, and far longer than the names of all needs. */
export const maximumRightsBytes = 64 * 1024;

/** Written by the agent itself, after the parameters have passed the module's schema. */
export interface ModuleRequest {
  readonly module: string;
  readonly parameters: unknown;
  readonly limits: ModuleLimits;
  readonly protection: Protection | null;
}

export const outcomeDescriptor = 3;
/** How long a module process may take to end by itself after its time is up. */
export const graceMs = 1500;

export const ModuleOutcome = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('result'), result: OperationResult }),
  z.strictObject({ kind: z.literal('out-of-memory') }),
  z.strictObject({ kind: z.literal('threw'), message: z.string() }),
]);
export type ModuleOutcome = z.infer<typeof ModuleOutcome>;
