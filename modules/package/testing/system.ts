/** Makes the files of a system in a temporary folder, and asks about it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OperationResult } from '../../../protocol/result/result.ts';
import { carryOut } from '../../kit/carry-out.ts';
import { runListing } from '../../kit/listing/run-listing.ts';
import { askerOf } from '../../kit/testing/ask.ts';
import { limits } from '../../kit/testing/limits.ts';
import { temporaryFolder } from '../../kit/testing/temporary-folder.ts';
import { module } from '../module.ts';
import { packagesBelow } from '../packages.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

/** @param context of the test, after which the folder is removed. */
export function makeSystem(context: { readonly after: (end: () => void) => void }, files: Files): string {
  const root = temporaryFolder(context);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

function runBelow(root: string) {
  return runListing(module, packagesBelow(root));
}

export function askBelow(root: string) {
  return askerOf(module, runBelow(root));
}

/** Everything, in an answer of this class. */
export function askAs(root: string, answer: string): Promise<OperationResult> {
  const context = { signal: new AbortController().signal, limits };
  return carryOut(module, runBelow(root), { searches: { s1: {} }, answer }, context);
}
