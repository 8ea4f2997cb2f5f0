/**
 * The module process of the benchmark: one question, one line about its answer. It is bundled like the real one, and loads
 * everything before it takes its question. Usage before and after that is counted apart.
 */
import { readFileSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import { askModule } from '../../modules/ask.ts';
import { findLoader, loaders } from '../../modules/registry.ts';
import { matchRegex } from '../../native/own-process.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function main([module = '', file = '', cpuPercent = '', seconds = '']: readonly string[]): Promise<void> {
  // Loads the native part; the priority stays that of the peers.
  matchRegex('a', false, 'a');
  // As a module process of an agent: code is compiled when it first runs.
  const [declared] = await Promise.all([
    findLoader(loaders, module)?.loadModule(),
    findLoader(loaders, module)?.loadRun(),
  ]);
  declared?.parameters.safeParse({});
  await setImmediate();
  const ready = { cpuSeconds: cpuSeconds(), wallSeconds: performance.now() / 1000 };
  const { elements, errors, receipt } = await askModule(module, JSON.parse(readFileSync(file, 'utf8')), {
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
  const answered = { cpuSeconds: cpuSeconds(), wallSeconds: performance.now() / 1000 };
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  writeSync(1, `${JSON.stringify({ hits, errors, peakBytes, receipt, ready, answered })}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`error: ${toMessage(error)}\n`);
  process.exitCode = 2;
});
