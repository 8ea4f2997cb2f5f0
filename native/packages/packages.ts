/** Types of the addon's functions for the files of packages. */

import type { Presence } from '../napi/presence.ts';
import type { NativeFailure } from '../napi/task.ts';

export interface SmallFiles {
  /** Of all files, one behind the other. */
  readonly bytes: Buffer;
  /** Where each ends in them. */
  readonly ends: Float64Array;
  /** By the index of the file, which is empty then. */
  readonly failures: readonly {
    readonly file: number;
    readonly reason: NativeFailure['reason'] | 'size-limit' | 'special-file';
  }[];
}

export interface PackagesFunctions {
  /**
   * Reads regular files of a folder; a link is not followed.
   * @param names at most 1024.
   * @param mostBytes of a file, up to 16 MiB.
   */
  readonly readSmallFiles: (folder: string, names: readonly string[], mostBytes: number) => SmallFiles;
  /**
   * All lines of a text that are equal to a wanted one: the index of the wanted line, and where it begins in the text,
   * by turns.
   * @param wanted different lines, none of them empty.
   */
  readonly findLines: (text: Uint8Array, wanted: Uint8Array) => Uint32Array;
}

export const packagesPresence: Presence<PackagesFunctions> = { readSmallFiles: 'always', findLines: 'always' };
