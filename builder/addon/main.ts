/** `node builder/addon/main.ts`: builds the addon for this machine and prints its path. */

import { reportError } from '../../host/report-error.ts';
import { Progress } from '../progress.ts';
import { buildAddon } from './compile.ts';

try {
  const progress = Progress.to(process.stderr);
  const build = () => buildAddon({ onProgress: progress.note, onPart: progress.show });
  const { path } = await progress.step('native addon', build);
  process.stdout.write(`${path}\n`);
} catch (error) {
  reportError(error);
  process.exitCode = 2;
}
