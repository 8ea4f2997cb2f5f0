/** Inputs that were findings once. They are kept in the repository, and come first whenever their target is fuzzed. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../../protocol/base/identifiers.ts';
import { projectRoot } from '../lab/lab.ts';

const folder = join(projectRoot, 'tools', 'fuzz', 'findings');

export function readFindings(name: string): Buffer[] {
  try {
    return readdirSync(join(folder, name))
      .sort()
      .map((file) => readFileSync(join(folder, name, file)));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** @returns where it was written. */
export function keepFinding(name: string, input: Buffer): string {
  const file = join(folder, name, sha256Hex(input).slice(0, 16));
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(file, input);
  return file;
}
