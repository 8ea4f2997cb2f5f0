/** Asks one question with the real `mig` on this terminal, and keeps the output. */
import { spawn } from 'node:child_process';
import { migCommand } from '../lab/lab.ts';

export interface DemoQuestion {
  readonly says: string;
  readonly args: readonly string[];
}

/** As a shell wants it. */
export function quote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * The exit code of `mig`: 0 for found, 1 for nothing found, 3 when the agent could not look at all that was asked: in a
 * container it may not look into every process. All others are thrown.
 */
export function ask({ says, args }: DemoQuestion, env: Readonly<Record<string, string>>): Promise<0 | 1 | 3> {
  process.stdout.write(`\n# ${says}\n$ mig ${args.map(quote).join(' ')}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(migCommand, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0 || code === 1 || code === 3) resolve(code);
      else reject(new Error(`mig ${args.join(' ')} ended with exit code ${code}`));
    });
  });
}
