/** Writes `compile_commands.json`, the compiler's parameters of each source, for editors (clangd). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../host/replace-file.ts';
import type { Unit } from './sources.ts';

/** Where clangd looks for it; relative to the repository. */
export const compileCommandsFile = 'compile_commands.json';

/**
 * @param parametersOf what the compiler is called with for a unit.
 * @see https://clang.llvm.org/docs/JSONCompilationDatabase.html
 */
export async function writeCompileCommands(
  root: string,
  units: readonly Unit[],
  parametersOf: (unit: Unit) => readonly string[],
): Promise<void> {
  const commands = units
    .filter(({ ours }) => ours)
    .map((unit) => ({
      directory: root,
      file: unit.source,
      // `c++` is which of zig's tools it is; an editor would take it for a file.
      arguments: ['clang++', ...parametersOf(unit).filter((parameter) => parameter !== 'c++')],
    }));
  const text = `${JSON.stringify(commands, null, 2)}\n`;
  const path = join(root, compileCommandsFile);
  if ((await readFile(path, 'utf8').catch(() => null)) !== text) replaceFile(path, text, 0o644);
}
