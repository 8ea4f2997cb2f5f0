/** Another time of day for one process, by the library of `fake-clock.c`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { provideZig } from '../../builder/toolchain/toolchain.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { runProgram } from './child.ts';
import { projectRoot } from './lab.ts';

/**
 * @param library where the library is, or is to be built.
 * @param seconds that the process is to be ahead, or, when negative, behind.
 * @returns the variables that make a process believe it.
 */
export async function fakeClock(library: string, seconds: number): Promise<Record<string, string>> {
  if (!existsSync(library)) {
    const { path, env } = await provideZig(projectRoot);
    const source = join(projectRoot, 'tools', 'lab', 'fake-clock.c');
    const args = ['cc', '-shared', '-fPIC', '-O1', '-o', library, source];
    const { code, stderr } = await runProgram(path, args, { env });
    if (code !== 0) throw new CodedError('lab-build', `the clock could not be built: ${stderr}`);
  }
  return { LD_PRELOAD: library, FAKE_CLOCK_SHIFT: String(seconds) };
}
