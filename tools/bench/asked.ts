/** The module process of the benchmark: one question, one line about its answer. It is bundled, as the real one is. */

import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { runners } from '../../modules/runners.ts';
import { CodedError, toMessage } from '../../protocol/coded-error.ts';

async function main([module = '', file = '', cpuPercent = '', seconds = '']: readonly string[]): Promise<void> {
  const run = runners[module];
  if (run === undefined) throw new CodedError('usage', `expected a module, got ${module}`);
  const { elements, errors } = await run(JSON.parse(readFileSync(file, 'utf8')), {
    signal: new AbortController().signal,
    limits: {
      seconds: Number(seconds),
      memoryMiB: 512,
      resultBytes: 8 * 1024 * 1024,
      cpuPercent: Number(cpuPercent),
      threads: 2,
    },
  });
  let hits = 0;
  for (const list of Object.values(z.record(z.string(), z.unknown()).parse(elements)))
    hits += Array.isArray(list) ? list.length : 0;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(`${JSON.stringify({ hits, errors, peakBytes })}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`error: ${toMessage(error)}\n`);
  process.exitCode = 2;
});
