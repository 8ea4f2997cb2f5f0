/** Runs one question of a module as another user: `node ask-as.ts MODULE PARAMETERS`, the result as JSON on standard output. */
import type { ModuleLimits } from '../../contract.ts';
import { runners } from '../../runners.ts';

const [, , name = '', parameters = '{}'] = process.argv;
const limits: ModuleLimits = {
  seconds: 60,
  memoryMiB: 512,
  resultBytes: 8 * 1024 * 1024,
  cpuPercent: 100,
  threads: 2,
};
const result = await runners[name]?.(JSON.parse(parameters), { signal: AbortSignal.timeout(60_000), limits });
process.stdout.write(JSON.stringify(result));
