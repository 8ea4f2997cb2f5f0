/** `node builder/addon/main.ts`: builds the addon for this machine and prints its path. */
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { buildAddon } from './compile.ts';

try {
  const { path } = await buildAddon({ onProgress: (line) => process.stderr.write(`${line}\n`) });
  process.stdout.write(`${path}\n`);
} catch (error) {
  process.stderr.write(`error: ${toMessage(error)}\n`);
  if (error instanceof CodedError && error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
  process.exitCode = 2;
}
