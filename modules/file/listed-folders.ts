/** Lists folders for a glob, and counts those that could not be listed: fast-glob passes over them in silence. */
import { Dirent, readdir } from 'node:fs';
import { dirname, join } from 'node:path';
import { plural } from '../../protocol/base/plural.ts';

type Done<Files> = (error: NodeJS.ErrnoException | null, files: Files) => void;

/** A path that is not there, or no folder, fits no glob; nor does a link that leads in a circle. */
const answers: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/** Through links, a few folders have any number of paths. */
const maximumThroughLinks = 10_000;

export class ListedFolders {
  #unreadable = 0;
  readonly #links = new Set<string>();
  readonly #throughLinks = new Set<string>();
  readonly #entersLinks: boolean;
  readonly #signal: AbortSignal;

  constructor(entersLinks: boolean, signal: AbortSignal) {
    this.#entersLinks = entersLinks;
    this.#signal = signal;
  }

  /** Why a glob may fit more than what was listed. */
  get cuts(): readonly string[] {
    const cuts: string[] = [];
    if (this.#unreadable > 0) cuts.push(`${plural(this.#unreadable, 'folder', 'folders')} could not be listed`);
    if (this.#throughLinks.size > maximumThroughLinks)
      cuts.push(`leads through links to more than ${maximumThroughLinks} folders; only that many were listed`);
    return cuts;
  }

  /** As Node's own function. */
  readonly readdir = (
    path: string,
    ...rest: [options: { readonly withFileTypes: true }, done: Done<Dirent[]>] | [done: Done<string[]>]
  ): void => {
    const listsMore = this.#mayList(path);
    if (rest.length === 1) {
      if (listsMore) readdir(path, this.#counted(path, rest[0]));
      else rest[0](null, []);
    } else if (listsMore) readdir(path, rest[0], this.#counted(path, rest[1]));
    else rest[1](null, []);
  };

  #mayList(path: string): boolean {
    if (this.#links.has(path) || this.#throughLinks.has(dirname(path))) this.#throughLinks.add(path);
    return this.#throughLinks.size <= maximumThroughLinks && !this.#signal.aborted;
  }

  #counted<File extends Dirent | string>(path: string, done: Done<File[]>): Done<File[]> {
    return (error, files) => {
      if (error !== null && !answers.has(error.code)) this.#unreadable += 1;
      if (error === null && this.#entersLinks)
        for (const file of files)
          if (file instanceof Dirent && file.isSymbolicLink()) this.#links.add(join(path, file.name));
      done(error, files);
    };
  }
}
