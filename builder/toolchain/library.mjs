/**
 * Builds zig's own C++ library, which zig otherwise does when it first links for a target. Plain JavaScript without
 * dependencies: it may run while those of the checkout are still being installed.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Part of the library's identity: other flags would build another library. */
export const libraryFlags = ['-O2', '-fno-lto'];

export const hostTriple = 'x86_64-linux-gnu.2.28';

export function findZig(toolchain, root) {
  const cache = join(root, '.cache', 'zig');
  return {
    folder: join(toolchain, 'node_modules', '@ryoppippi', 'zig-linux-x64'),
    env: { ...process.env, ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache },
  };
}

export async function buildLibrary({ folder, env }, triple) {
  await mkdir(env.ZIG_GLOBAL_CACHE_DIR, { recursive: true });
  const scratch = await mkdtemp(join(env.ZIG_GLOBAL_CACHE_DIR, 'library-'));
  try {
    const source = join(scratch, 'empty.cc');
    await writeFile(source, '');
    const parameters = ['c++', '-target', triple, ...libraryFlags, '-shared', '-fPIC', source];
    const zig = spawn(join(folder, 'zig'), [...parameters, '-o', join(scratch, 'empty.so')], {
      env,
      stdio: 'ignore',
    });
    const end = () => {
      zig.kill();
      rmSync(scratch, { recursive: true, force: true });
    };
    process.once('exit', end);
    // Errors are reported by the link that comes later.
    await new Promise((resolve) => zig.once('error', resolve).once('exit', resolve));
    process.off('exit', end);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
