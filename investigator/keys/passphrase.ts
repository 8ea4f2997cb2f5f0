/** A passphrase: from a file, or typed on the terminal without echo. */
import { readTextFile } from '../../host/text-file.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { toReason } from '../cli/named-file.ts';
import type { InvestigatorKeyCode } from './investigator-key.ts';

function readFile(path: string): string {
  try {
    return readTextFile(path).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new CodedError<InvestigatorKeyCode>(
      'passphrase-needed',
      `expected a readable passphrase file, got ${toReason(cause)} at ${path}`,
      {
        cause,
      },
    );
  }
}

/** @throws CodedError passphrase-needed when there is neither a file nor a terminal to ask on; interrupted */
export async function readPassphrase(file: string | undefined, keyPath: string): Promise<string> {
  if (file !== undefined) return readFile(file);
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true)
    throw new CodedError<InvestigatorKeyCode>('passphrase-needed', `expected the passphrase of ${keyPath}`, {
      hint: 'run this on a terminal, or set MIG_KEY_PASSPHRASE_FILE',
    });
  const { askSecret } = await import('../terminal/prompt.ts');
  return askSecret(`passphrase of ${keyPath}:`);
}
