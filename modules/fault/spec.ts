/** A module that misbehaves on request, for the tests of what surrounds modules; never part of an agent that is shipped. */
import * as z from 'zod';
import type { ModuleSpec } from '../contract.ts';

export const FaultParameters = z.strictObject({
  fault: z.enum([
    /** Answers at once that nothing was found. */
    'none',
    /** Dies by a segmentation fault. */
    'crash',
    /** Never gives the processor back. */
    'hang',
    /** Works until it is told to end, then says why it ended. */
    'wait',
    /** Takes memory until there is none, in large pieces; the failure can be caught. */
    'allocate',
    /** The same on the heap of JavaScript, which ends the process. */
    'grow',
    'throw',
    /** Answers more than any limit allows. */
    'flood',
  ]),
});
export type FaultParameters = z.infer<typeof FaultParameters>;

export const spec: ModuleSpec<FaultParameters> = {
  name: 'fault',
  summary: 'misbehaves on request, in test builds only',
  platforms: ['linux', 'darwin', 'win32'],
  parameters: FaultParameters,
  elements: z.unknown(),
};
