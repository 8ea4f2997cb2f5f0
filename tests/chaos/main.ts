/** `npm run chaos -- --rounds N`: the long form of chaos.test.ts. */

import { parseOptions } from '../../host/options.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { runMain } from '../../tools/run-main.ts';
import { faults } from './faults.ts';
import { runChaos } from './run.ts';

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  const { values } = parseOptions({
    options: { rounds: { type: 'string', default: String(4 * faults.length) } },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new CodedError('usage', `expected a number of rounds, got ${values.rounds}`);
  const struck = Array.from({ length: rounds }, (_, index) => faults[index % faults.length]).filter(
    (fault) => fault !== undefined,
  );
  const { commands, interrupted, findings } = await runChaos(struck, print);
  print(
    `${rounds} rounds, one fault each of ${faults.length} kinds; ${commands} commands, ${interrupted} interrupted by the death of their agent`,
  );
  print(`lost, doubled or left open: ${findings.length === 0 ? 'nothing' : ''}`);
  for (const finding of findings) print(`  ${finding}`);
  return findings.length === 0 ? 0 : 1;
}

await runMain(main);
