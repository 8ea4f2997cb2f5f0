/** Libraries of Java: archives with the names that Maven wrote into them, of libraries that were packed in as well. */
import { basename } from 'node:path';
import { isMalformed, malformed } from '../../kit/files/malformed.ts';
import { type ByteSource, type FoundPackage, isPlain } from './found-package.ts';
import { ZipBudget, type ZipEntry, ZipFile } from './zip.ts';

export const jarPath = /\.(?:jar|war|ear|sar|rar|par|hpi|jpi|kar|nar)$/;

/** Room for the largest known programs: some seconds of work. */
const budgetOfFile = { bytes: 512 * 1024 * 1024, entries: 500_000 };
/** A war has libraries, and one of these may have some more. Of each level one is held in memory. */
const mostNestedBytes = [64, 32, 16, 8].map((mebibytes) => mebibytes * 1024 * 1024);
/** A list of digests of all classes may follow in a manifest. */
const mostTextBytes = 16 * 1024 * 1024;
const readTextBytes = 64 * 1024;

const pomPath = /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/;
const manifestPath = 'META-INF/MANIFEST.MF';

interface JarContent {
  readonly packages: readonly FoundPackage[];
  /** Whether archives in it are unknown: too large, too deep, damaged. */
  readonly isCut: boolean;
}

function parsePom(text: string): FoundPackage | undefined {
  const read = (name: string): string =>
    new RegExp(`^[ \\t]*${name}[ \\t]*[=:](.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const [group, artifact, version] = [read('groupId'), read('artifactId'), read('version')];
  const name = group === '' ? artifact : `${group}:${artifact}`;
  if (artifact === '' || !isPlain(name)) return undefined;
  return { type: 'jar', name, version: isPlain(version) ? version : null };
}

/** Attributes before the first empty line, long ones on several lines. */
function parseManifest(text: string): ReadonlyMap<string, string> {
  const [head = ''] = text.replaceAll(/\r\n?/g, '\n').split('\n\n', 1);
  const lines = head.replaceAll('\n ', '').matchAll(/^([\w-]+): (.*)$/gm);
  return new Map([...lines].map(([, name = '', value = '']) => [name.toLowerCase(), value.trim()]));
}

/** Of a library that was not made by Maven, as far as its name and its manifest say. */
function toUnnamed(path: string, manifest: string): FoundPackage | undefined {
  const attributes = parseManifest(manifest);
  const stem = basename(path).replace(jarPath, '');
  const [, stemName = stem, stemVersion] = /^(.+?)-(\d[\w.+-]*)$/.exec(stem) ?? [];
  const versions = ['implementation-version', 'bundle-version', 'specification-version'].map((one) =>
    attributes.get(one),
  );
  const version = [stemVersion, ...versions].find((one) => one !== undefined && isPlain(one)) ?? null;
  return isPlain(stemName) ? { type: 'jar', name: stemName, version } : undefined;
}

function toList<Value>(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : [value];
}

class JarReader {
  readonly #budget = new ZipBudget(budgetOfFile);
  readonly #packages = new Map<string, FoundPackage>();
  #isCut = false;

  /** @param inside where the archive is in the file. */
  read(source: ByteSource, path: string, inside: readonly string[]): void {
    const zip = new ZipFile(source);
    const own: FoundPackage[] = [];
    let manifest = '';
    for (const entry of zip.entries(this.#budget)) {
      const isPom = pomPath.test(entry.name);
      if (isPom || entry.name === manifestPath) {
        const text = this.#toText(zip, entry);
        if (text === undefined) this.#isCut = true;
        else if (!isPom) manifest = text;
        else own.push(...toList(parsePom(text)));
      } else if (jarPath.test(entry.name)) this.#readNested(zip, entry, inside);
    }
    for (const one of own.length > 0 ? own : toList(toUnnamed(path, manifest))) this.#add(one, inside);
  }

  #add(one: FoundPackage, inside: readonly string[]): void {
    const at = inside.join('!/');
    const key = JSON.stringify([one.name, one.version, at]);
    this.#packages.set(key, at === '' ? one : { ...one, inside: at });
  }

  #toText(zip: ZipFile, entry: ZipEntry): string | undefined {
    const source = zip.open(entry, this.#budget, mostTextBytes);
    return source?.readAt(0, readTextBytes).toString('utf8');
  }

  /** What is damaged inside leaves the rest readable. */
  #readNested(zip: ZipFile, entry: ZipEntry, inside: readonly string[]): void {
    const name = Buffer.from(entry.name, 'latin1').toString('utf8');
    const most = mostNestedBytes[inside.length];
    try {
      const source = most === undefined || !isPlain(name) ? undefined : zip.open(entry, this.#budget, most);
      if (source === undefined) this.#isCut = true;
      else this.read(source, name, [...inside, name]);
    } catch (error) {
      if (!isMalformed(error)) throw error;
      this.#isCut = true;
    }
  }

  get content(): JarContent {
    return { packages: [...this.#packages.values()], isCut: this.#isCut || this.#budget.isSpent };
  }
}

/** @throws CodedError `database-malformed`, the system's errors */
export function readJar(source: ByteSource, path: string): JarContent {
  if (source.sizeBytes === 0) throw malformed('an archive', 'nothing');
  const reader = new JarReader();
  reader.read(source, path, []);
  return reader.content;
}
