/** Runs commands and measures their cost, with the processes that they start. */
import { spawnSync } from 'node:child_process';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { Cost } from './row.ts';

/** Bash counts the usage of all waited-for children, and prints it apart on descriptor 3. */
const script = 'TIMEFORMAT="%U %S %R"; { time "$@" 2>&4 3>&- 4>&-; } 4>&2 2>&3';

/**
 * Output and cost of the command. Exit code 1 is an answer: searches say with it that they found nothing.
 * @throws CodedError
 */
export function runCommand(command: readonly string[]): Cost & { readonly stdout: string } {
  const { status, stdout, stderr, output, error } = spawnSync('bash', ['-c', script, 'bash', ...command], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, LC_ALL: 'C' },
  });
  const figures = String(output?.[3] ?? '')
    .trim()
    .split(' ')
    .map(Number);
  const [user, system, wall] = figures;
  if (error !== undefined || user === undefined || system === undefined || wall === undefined || (status ?? 2) > 1) {
    const said = stderr.toString().trim().slice(-500);
    throw new CodedError(
      'bench-command',
      `${command.join(' ').slice(0, 300)} ended with ${status ?? 'a signal'}: ${said}`,
      {
        cause: error,
      },
    );
  }
  return { cpuSeconds: user + system, wallSeconds: wall, stdout: stdout.toString('latin1') };
}

/** The middle one of an odd number of figures. */
export function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}
