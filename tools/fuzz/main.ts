/**
 * `npm run fuzz -- [--seconds N] [--only NAME] [--seed N]`: fuzzes every parser of strangers' input with changed real
 * inputs.
 */
import * as z from 'zod';
import { parseOptions } from '../../host/options.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { runMain } from '../run-main.ts';
import { keepFinding, readFindings } from './findings.ts';
import { type FuzzReport, fuzz } from './fuzz.ts';

const Options = z.object({
  /** Wall time for each target. */
  seconds: z.coerce.number().positive().default(10),
  only: z.string().optional(),
  seed: z.coerce.number().int().nonnegative().optional(),
});

function print(report: FuzzReport): void {
  const { name, executions, taken, seconds, corpus, blocks, findings } = report;
  const share = `${((100 * taken) / executions).toFixed(1)}%`.padStart(7);
  const columns = [name.padEnd(18), String(executions).padStart(10), share, `${seconds.toFixed(1)} s`.padStart(9)];
  const rest = [String(corpus).padStart(7), String(blocks).padStart(8), String(findings.length).padStart(9)];
  process.stdout.write(`${[...columns, ...rest].join(' ')}\n`);
  for (const { input, error } of findings) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stdout.write(`finding in ${name}, kept in ${keepFinding(name, input)}:\n${text}\n`);
  }
}

async function main(): Promise<number> {
  const { values } = parseOptions({
    options: { seconds: { type: 'string' }, only: { type: 'string' }, seed: { type: 'string' } },
  });
  const parsed = Options.safeParse(values);
  if (!parsed.success) throw new CodedError('usage', z.prettifyError(parsed.error));
  const { seconds, only, seed = Date.now() % 2 ** 32 } = parsed.data;
  // Loaded late: with the targets comes node:sqlite, of which Node warns.
  const { fuzzTargets } = await import('./targets.ts');
  const chosen = fuzzTargets.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0)
    throw new CodedError('usage', `expected --only with one of ${fuzzTargets.map(({ name }) => name).join(', ')}`);
  process.stdout.write(
    `seed ${seed}\n${'target'.padEnd(18)} executions   taken      time  corpus   blocks  findings\n`,
  );
  let found = 0;
  for (const target of chosen) {
    const report = await fuzz(target, { seconds, seed, earlier: readFindings(target.name) });
    print(report);
    found += report.findings.length;
  }
  return found === 0 ? 0 : 1;
}

await runMain(main);
