/** When packages were installed: dpkg writes the list of a package's files then, and writes no time down. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Stanza } from '../../kit/packages/dpkg/stanza.ts';

export class InstallTimes {
  readonly #folder: string;

  constructor(root: string) {
    this.#folder = join(root, 'var/lib/dpkg/info');
  }

  /** Milliseconds since 1970; null when there is no list. */
  of({ package: name = '', architecture = '' }: Stanza): number | null {
    return this.#timeOf(name) ?? this.#timeOf(`${name}:${architecture}`) ?? null;
  }

  #timeOf(name: string): number | undefined {
    if (/[/\0]/.test(name)) return undefined;
    const found = statSync(join(this.#folder, `${name}.list`), { throwIfNoEntry: false });
    return found === undefined ? undefined : Math.floor(found.mtimeMs);
  }
}
