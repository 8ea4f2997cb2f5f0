/** `node builder/addon/main.ts`: builds the addon for this machine and prints its path. */
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { Progress } from '../progress.ts';
import { buildAddon } from './compile.ts';

try {
  const progress = Progress.to(process.stderr);
  const build = () => buildAddon({ onProgress: progress.note, onPart: progress.show });
  const { path } = await progress.step('native addon', build);
  process.stdout.write(`${path}\n`);
} catch (error) {
  process.stderr.write(`error: ${toMessage(error)}\n`);
  if (error instanceof CodedError && error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
  process.exitCode = 2;
}
