/** `npm run new-module NAME`: writes the folder of a module that passes all tests, as a start. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { commands } from '../../investigator/commands/command-table.ts';
import { withFieldTable } from '../../modules/kit/field-table.ts';
import type { Module } from '../../modules/kit/module.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { ModuleName } from '../../protocol/environment/names.ts';
import { projectRoot } from '../lab/lab.ts';
import { runMain } from '../run-main.ts';
import { toFiles } from './template.ts';

function usage(message: string, hint: string): CodedError {
  return new CodedError('usage', message, { hint });
}

/** @throws CodedError usage */
function readName(args: readonly string[]): string {
  const [name, ...rest] = args;
  if (name === undefined || rest.length > 0)
    throw usage(`expected one name, got ${args.length}`, 'npm run new-module NAME');
  if (!ModuleName.safeParse(name).success)
    throw usage(
      `expected a name of up to 32 small letters and digits that begins with a letter, got ${JSON.stringify(name)}`,
      'it is the word behind mig: one thing that is listed, as process',
    );
  if (commands.has(name))
    throw usage(`expected a name that mig has no command for, got ${name}`, `mig ${name} -h says what that does`);
  if (existsSync(join(projectRoot, 'modules', name)))
    throw usage(`expected a name that is not there, got ${name}`, `modules/${name} is its folder`);
  return name;
}

async function writeModule(name: string): Promise<void> {
  const folder = join(projectRoot, 'modules', name);
  mkdirSync(folder);
  for (const [file, text] of toFiles(name)) writeFileSync(join(folder, file), text, { flag: 'wx' });
  const { module }: { readonly module: Module } = await import(pathToFileURL(join(folder, 'module.ts')).href);
  const page = join(folder, 'README.md');
  const made = withFieldTable(readFileSync(page, 'utf8'), module);
  if (made !== undefined) writeFileSync(page, made);
}

async function main(): Promise<void> {
  const name = readName(process.argv.slice(2).filter((argument) => argument !== '--'));
  await writeModule(name);
  process.stdout.write(`wrote modules/${name}: ${[...toFiles(name).keys()].join(', ')}
next: modules/README.md says what to change, and how to try it
`);
}

await runMain(main);
