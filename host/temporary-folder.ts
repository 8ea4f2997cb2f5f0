/** Folders for what is thrown away again. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodedError, toMessage } from '../protocol/base/coded-error.ts';

/** Where the folder that the environment names is missing or full, the system's own. */
const systemFolders = process.platform === 'win32' ? [] : ['/tmp', '/var/tmp'];

/** @param prefix of its name: `mig-check-`. @throws CodedError no-temporary-folder */
export function makeTemporaryFolder(prefix: string, candidates = [tmpdir(), ...systemFolders]): string {
  const reasons = new Set<string>();
  for (const candidate of candidates)
    try {
      return mkdtempSync(join(candidate, prefix));
    } catch (error) {
      reasons.add(toMessage(error));
    }
  throw new CodedError('no-temporary-folder', `expected a folder for temporary files: ${[...reasons].join('; ')}`, {
    hint: 'set TMPDIR to a folder that can be written to',
  });
}
