/** Limits that no module test reaches by accident. */
import type { ModuleLimits } from '../work.ts';

export const limits: ModuleLimits = {
  seconds: 60,
  memoryMiB: 512,
  resultBytes: 8 * 1024 * 1024,
  cpuPercent: 100,
  threads: 2,
};
