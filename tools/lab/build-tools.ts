/** Builds `mig` and `mig-server` of this checkout, when they are not up to date. */
import { join } from 'node:path';
import { CodedError } from '../../protocol/coded-error.ts';
import { runProgram } from './child.ts';
import { projectRoot } from './lab.ts';

export async function buildTools(onProgress: (line: string) => void = () => {}): Promise<void> {
  const { code, stderr } = await runProgram(process.execPath, [join(projectRoot, 'builder', 'main.ts'), 'tools'], {
    onStderr: (text) => onProgress(text.trimEnd()),
  });
  if (code !== 0) throw new CodedError('lab-build', `mig and mig-server could not be built:\n${stderr}`);
}
