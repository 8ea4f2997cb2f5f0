/** `mig drill`: every attack that this system withstands, tried on this machine; the laboratory is part of the checkout. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Flag } from '../../modules/kit/flag.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { assertOnlyFlags, parseFlags } from '../cli/flags.ts';
import type { CommandContext } from './context.ts';

export const drillFlags: readonly Flag[] = [
  { name: 'json', kind: 'boolean', help: 'Prints one JSON array: attack, tried, noticed, by, passed, broken.' },
  {
    name: 'broker',
    kind: 'string',
    value: 'name',
    help: 'embedded (default), or rabbitmq: the one on this machine, in a virtual host of its own.',
  },
  { name: 'only', kind: 'string', value: 'text', help: 'Only the attacks whose name has this text in it.' },
];

/** The checkout that this program was built in. @throws CodedError no-laboratory */
function findCheckout(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'tools', 'drill', 'main.ts'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new CodedError(
        'no-laboratory',
        'expected to be run from a checkout, where the laboratory of the drill is',
        {
          hint: 'in the checkout: npm run drill',
        },
      );
    folder = parent;
  }
  return folder;
}

export async function drill(argv: readonly string[], { signal }: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, drillFlags);
  assertOnlyFlags(positionals, 'drill');
  const checkout = findCheckout();
  const args = [
    ...(values.json === true ? ['--json'] : []),
    ...(typeof values.only === 'string' ? ['--only', values.only] : []),
    ...(typeof values.broker === 'string' ? ['--broker', values.broker] : []),
  ];
  const runner = join(checkout, 'tools', 'run.mjs');
  const child = spawn('node', [runner, 'tools/drill/main.ts', ...args], { cwd: checkout, stdio: 'inherit', signal });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  return code === 0 ? exitCodes.found : code === 1 ? exitCodes.incomplete : exitCodes.error;
}
