/** The project's own compiler as a command, for programs of tests and of the drill. */
import { dirname, join, relative } from 'node:path';
import { provideZig, testProgramFlags } from '../../builder/toolchain/toolchain.ts';
import { replaceFile } from '../../host/replace-file.ts';
import { projectRoot } from './lab.ts';

/** @returns the path of a command that takes the parameters of `c++`. */
export async function provideTestCompiler(): Promise<string> {
  const zig = await provideZig(projectRoot);
  const command = join(projectRoot, '.cache', 'toolchain', 'c++');
  const beside = (path: string): string => `"$here/${relative(dirname(command), path)}"`;
  const cache = beside(zig.env.ZIG_GLOBAL_CACHE_DIR ?? '');
  // By its own place: a copy of the tree may share the folder.
  const script = `#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd -P)
ZIG_GLOBAL_CACHE_DIR=${cache} ZIG_LOCAL_CACHE_DIR=${cache} exec ${beside(zig.path)} c++ ${testProgramFlags.join(' ')} "$@"
`;
  replaceFile(command, script, 0o755);
  return command;
}
