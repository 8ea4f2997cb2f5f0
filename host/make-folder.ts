/** Folders made together with those above them. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Whether it was made. Another process may make it at the same time. */
function makeOne(path: string, mode: number): boolean {
  try {
    mkdirSync(path, mode);
    return true;
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return false;
    throw error;
  }
}

/**
 * Node's own `recursive` never returns where a folder that is there takes no folders, as /proc.
 * @param mode of the folders that are made.
 * @returns whether the folder itself was made.
 * @throws Error of node:fs
 */
export function makeFolder(path: string, mode = 0o777): boolean {
  try {
    return makeOne(path, mode);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') || dirname(path) === path) throw error;
  }
  makeFolder(dirname(path), mode);
  return makeOne(path, mode);
}
