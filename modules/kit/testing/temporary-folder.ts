/** A folder for the files of one test. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @param context of the test, after which the folder is removed. */
export function temporaryFolder(context: { readonly after: (end: () => void) => void }): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mig-module-')));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
