/** A host's files made for a test. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Host } from '../files/host.ts';
import { Gate } from '../gate.ts';

export interface TestHost {
  readonly root: string;
  at(path: string): string;
  write(path: string, content: string | Buffer): void;
}

const roots: string[] = [];
process.once('exit', () => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** Removed with the process. */
export function makeHost(files: Readonly<Record<string, string | Buffer>>): TestHost {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'mig-host-')));
  roots.push(root);
  const at = (path: string): string => join(root, path);
  const write = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), content);
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  return { root, at, write };
}

/** The files of the host as a module reads them; what could not be read is added to `skips`. */
export function readerOf({ root }: Pick<TestHost, 'root'>, skips: string[] = []): Host {
  const findings = { skip: (reason: string) => skips.push(reason), source: () => {}, noteNaming: () => {} };
  return new Host(root, { gate: new Gate(undefined), findings });
}
