/** Files that dpkg puts elsewhere, because another package or an administrator has taken their place. @see dpkg-divert(1) */

interface Diversion {
  readonly to: string;
  /** Of the package whose own files stay; `:` for an administrator, who has none. */
  readonly by: string;
}

export class Diversions {
  readonly #byPath = new Map<string, Diversion>();

  /** @param text lines by threes: from, to, package. In Latin-1. */
  constructor(text: string) {
    const lines = text.split('\n');
    for (let index = 0; index + 2 < lines.length; index += 3) {
      const [from = '', to = '', by = ''] = lines.slice(index, index + 3);
      this.#byPath.set(from, { to, by });
    }
  }

  /** Where a package's file is. @param list `NAME` or `NAME:ARCH` */
  placeOf(list: string, path: string): string {
    const diversion = this.#byPath.get(path);
    return diversion === undefined || diversion.by === list.split(':', 1)[0] ? path : diversion.to;
  }

  /** The paths of files that are now in such places. */
  from(isMeant: (place: string) => boolean): readonly string[] {
    return [...this.#byPath].filter(([, { to }]) => isMeant(to)).map(([path]) => path);
  }
}
