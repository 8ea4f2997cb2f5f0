/** Lists folders for a glob, and counts those that could not be listed: fast-glob passes over them in silence. */
import { type Dirent, readdir } from 'node:fs';

type Done<Files> = (error: NodeJS.ErrnoException | null, files: Files) => void;

/** A path that is not there, or no folder, fits no glob. */
const answers: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR']);

export class ListedFolders {
  unreadable = 0;

  /** As Node's own function. */
  readonly readdir = (
    path: string,
    ...rest: [options: { readonly withFileTypes: true }, done: Done<Dirent[]>] | [done: Done<string[]>]
  ): void => {
    if (rest.length === 1) readdir(path, this.#counted(rest[0]));
    else readdir(path, rest[0], this.#counted(rest[1]));
  };

  #counted<Files>(done: Done<Files>): Done<Files> {
    return (error, files) => {
      if (error !== null && !answers.has(error.code)) this.unreadable += 1;
      done(error, files);
    };
  }
}
