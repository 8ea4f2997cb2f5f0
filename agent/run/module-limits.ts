/** The limits of one operation: what the action asks for, never above what is baked in. */
import type { ModuleLimits } from '../../modules/kit/work.ts';
import type { Action } from '../../protocol/action/action.ts';
import { maximumResultBytes } from '../../protocol/base/limits.ts';
import type { Limits } from '../../protocol/environment/environment.ts';

/** @param leftBytes of the room for all results of the action together. */
export function toModuleLimits(baked: Limits, asked: Action['limits'], leftBytes = maximumResultBytes): ModuleLimits {
  return {
    seconds: Math.min(asked.seconds ?? baked.moduleSeconds, baked.moduleSeconds),
    memoryMiB: baked.moduleMemoryMiB,
    resultBytes: Math.min(asked.resultbytes ?? baked.resultBytes, baked.resultBytes, leftBytes),
    cpuPercent: baked.cpuPercent,
    threads: baked.moduleThreads,
  };
}
