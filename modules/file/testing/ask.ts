/** Asks the real module about real folders, for its tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import type * as z from 'zod';
import { type Answer, askerOf } from '../../kit/testing/ask.ts';
import type { ModuleLimits } from '../../kit/work.ts';
import type { FileElement } from '../element.ts';
import { module } from '../module.ts';
import { run } from '../run.ts';

/** A search as in an action, without defaults. */
export type SearchInput = z.input<typeof module.parameters>['searches'][string];

const asker = askerOf(module, run);

export function askAll(
  searches: Readonly<Record<string, SearchInput>>,
  changes: Partial<ModuleLimits> = {},
  signal?: AbortSignal,
): Promise<Answer<FileElement>> {
  return asker.askAll(searches, signal, changes);
}

export function ask(search: SearchInput, changes: Partial<ModuleLimits> = {}): Promise<Answer<FileElement>> {
  return askAll({ s1: search }, changes);
}

/** The files found by one search, sorted, with repetitions. */
export async function findFiles(search: SearchInput, changes: Partial<ModuleLimits> = {}): Promise<string[]> {
  const { elements } = await ask({ ...search, options: { matchall: true, ...search.options } }, changes);
  return toPaths(elements.s1);
}

export function toPaths(elements: readonly FileElement[] = []): string[] {
  return elements.map(({ file }) => file).sort();
}

export interface Tree {
  readonly path: string;
  /** The absolute path of a name in the tree. */
  readonly at: (name: string) => string;
  readonly write: (name: string, content: string | Uint8Array) => string;
}

const made: string[] = [];
after(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

/** A temporary folder, removed after the tests of the file. */
export function makeTree(files: Readonly<Record<string, string | Uint8Array>> = {}): Tree {
  const path = mkdtempSync(join(tmpdir(), 'mig-file-'));
  made.push(path);
  const tree: Tree = {
    path,
    at: (name) => join(path, name),
    write(name, content) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), content);
      return join(path, name);
    },
  };
  for (const [name, content] of Object.entries(files)) tree.write(name, content);
  return tree;
}
