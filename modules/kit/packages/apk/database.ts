/** What apk knows of packages: one file with a paragraph for each, in lines of a letter and a value. @see apk-installed(5) */
import type { Host } from '../../files/host.ts';

const most = 64 * 1024 * 1024;
const places = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'];

/** A longer one is none of Linux. */
const mostPathBytes = 4096;

/** @param name as the line of a folder has it, empty for the root. */
export function toFolder(name: string): string {
  return name === '' ? '' : `/${name.slice(0, mostPathBytes)}`;
}

/** In Latin-1, as all its values. */
export class ApkPackage {
  readonly paragraph: string;
  /** By letter; lines of files are passed over. */
  readonly values: ReadonlyMap<string, string>;

  constructor(paragraph: string) {
    this.paragraph = paragraph;
    const values = new Map<string, string>();
    for (const [, letter = '', value = ''] of paragraph.matchAll(/^([PVAomf]):(.*)$/gm)) values.set(letter, value);
    this.values = values;
  }

  /** A line `F:` has a folder, and lines `R:` behind it its files. */
  *paths(): Generator<string> {
    let folder = '';
    for (const [, letter, name = ''] of this.paragraph.matchAll(/^([FR]):(.*)$/gm)) {
      if (letter === 'F') folder = toFolder(name);
      else yield `${folder}/${name}`;
    }
  }
}

/** @returns whether there is such a database. */
export function* readApk(host: Host): Generator<ApkPackage, boolean> {
  for (const place of places) {
    const file = host.read('apk', place, { most });
    if (file.state === 'absent') continue;
    if (file.state === 'read') {
      let count = 0;
      for (const paragraph of file.bytes.toString('latin1').split('\n\n')) {
        const one = new ApkPackage(paragraph);
        if (!one.values.has('P')) continue;
        count += 1;
        yield one;
      }
      file.report(count, file.bytes.length > 0 && file.bytes.at(-1) !== 0x0a ? 'read-error' : undefined);
      // A newer system has one of the two as a link to the other.
      return true;
    }
    return true;
  }
  return false;
}
