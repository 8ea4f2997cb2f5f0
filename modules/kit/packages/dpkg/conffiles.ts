/** The digests of conffiles, which dpkg keeps in its database: what the package brought of each. @see deb-conffiles(5) */
import { toStanzaTexts } from './stanza.ts';

/** By path in Latin-1; MD5 in hex. */
export type Conffiles = ReadonlyMap<string, string>;

const none: Conffiles = new Map();

function parseField(lines: string): Conffiles {
  const files = new Map<string, string>();
  // A path may have blanks; obsolete ones have a word behind the digest.
  for (const [, path = '', digest = ''] of lines.matchAll(/^ (\/.*) ([0-9a-f]{32})(?: .*)?$/gm))
    files.set(path, digest);
  return files;
}

export class ConffileTable {
  /** By `NAME:ARCH`. */
  readonly #byPackage = new Map<string, Conffiles>();

  /** @param texts databases in Latin-1, the later ones over the earlier ones. */
  constructor(texts: readonly string[]) {
    for (const text of texts)
      for (const stanza of toStanzaTexts(text)) {
        const [, name] = /^Package: *(\S+)/im.exec(stanza) ?? [];
        const [, architecture = ''] = /^Architecture: *(\S+)/im.exec(stanza) ?? [];
        const start = stanza.search(/^Conffiles:/im);
        if (name === undefined || start < 0) continue;
        const [, lines = ''] = /^[^\n]*\n((?: [^\n]*(?:\n|$))*)/.exec(stanza.slice(start)) ?? [];
        this.#byPackage.set(`${name}:${architecture}`, parseField(lines));
      }
  }

  of(name: string, architecture: string): Conffiles {
    return this.#byPackage.get(`${name}:${architecture}`) ?? none;
  }
}
