/** Files that dpkg was told not to unpack: `path-exclude` and `path-include`. @see dpkg(1) */
import { toGlobPattern } from '../../files/glob-pattern.ts';
import type { Host } from '../../files/host.ts';

const folder = '/etc/dpkg';

interface PathFilter {
  readonly isExclusion: boolean;
  readonly pattern: RegExp;
}

/** @param text of a file of settings: options without their dashes, with `=` or a blank before the value. */
function* parseFilters(text: string): Generator<PathFilter> {
  for (const [, option, glob = ''] of text.matchAll(/^\s*path-(exclude|include)(?:\s*=\s*|\s+)"?(\/[^"\n]*?)"?\s*$/gm))
    yield { isExclusion: option === 'exclude', pattern: toGlobPattern(glob) };
}

export class PathFilters {
  readonly #filters: readonly PathFilter[];

  constructor(host: Host) {
    const parts = host.list('dpkg-settings', `${folder}/dpkg.cfg.d`).filter((name) => /^[A-Za-z0-9_-]+$/.test(name));
    const paths = [...parts.map((name) => `${folder}/dpkg.cfg.d/${name}`), `${folder}/dpkg.cfg`];
    this.#filters = paths.flatMap((path) => {
      const file = host.read('dpkg-settings', path, { most: 1024 * 1024 });
      return file.state === 'read' ? [...parseFilters(file.bytes.toString('latin1'))] : [];
    });
  }

  /** The last rule that fits counts. @param path in Latin-1. */
  excludes(path: string): boolean {
    return this.#filters.findLast(({ pattern }) => pattern.test(path))?.isExclusion ?? false;
  }
}
