/** `npm run chaos -- --rounds N`: the long form of chaos.test.ts. */
import { parseArgs } from 'node:util';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { faults } from './faults.ts';
import { runChaos } from './run.ts';

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  const { values } = parseArgs({
    args: process.argv.slice(2).filter((argument) => argument !== '--'),
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
  process.exitCode = findings.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`error: ${toMessage(error)}\n`);
  if (error instanceof CodedError && error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
  process.exitCode = 2;
}
