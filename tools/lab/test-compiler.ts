/** The project's own compiler, as a command, for the programs that tests and the drill are made of. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { provideZig, testProgramFlags } from '../../builder/toolchain/toolchain.ts';
import { projectRoot } from './lab.ts';

/** @returns the path of a command that takes the parameters of `c++`. */
export async function provideTestCompiler(): Promise<string> {
  const zig = await provideZig(projectRoot);
  const command = join(projectRoot, '.cache', 'toolchain', 'c++');
  const cache = zig.env.ZIG_GLOBAL_CACHE_DIR;
  const script = `#!/bin/sh
ZIG_GLOBAL_CACHE_DIR='${cache}' ZIG_LOCAL_CACHE_DIR='${cache}' exec '${zig.path}' c++ ${testProgramFlags.join(' ')} "$@"
`;
  writeFileSync(command, script, { mode: 0o755 });
  return command;
}
