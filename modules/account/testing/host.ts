/** A host's files made for a test, and the module asked about them. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runListing } from '../../kit/listing/run-listing.ts';
import { askerOf } from '../../kit/testing/ask.ts';
import { module } from '../module.ts';
import { rowsBelow } from '../run.ts';

export interface TestHost {
  readonly root: string;
  at(path: string): string;
  write(path: string, content: string | Buffer): void;
}

/** Removed with the process. */
export function makeHost(files: Readonly<Record<string, string | Buffer>>): TestHost {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'mig-account-')));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  const at = (path: string): string => join(root, path);
  const write = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), content);
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  return { root, at, write };
}

export function askerOfHost({ root }: Pick<TestHost, 'root'>) {
  return askerOf(module, runListing(module, rowsBelow(root)));
}
