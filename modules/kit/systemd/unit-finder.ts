/** Which file a name of a unit stands for, through aliases, links and masks: as systemctl looks for it. */
import { basename } from 'node:path';
import type { UnitFile, UnitFiles } from './unit-files.ts';
import { type Install, toInstall } from './unit-install.ts';
import {
  mayBeAlias,
  mayHaveAliases,
  mayHaveTemplates,
  parseUnitName,
  toInstanceName,
  toTemplateName,
  type UnitName,
} from './unit-name.ts';

export type FoundUnit =
  | {
      readonly kind: 'regular';
      /** Its own name: that of the question may be an alias. */
      readonly name: UnitName;
      readonly path: string;
      readonly install: Install;
    }
  | { readonly kind: 'masked'; readonly path: string }
  /** It cannot be loaded; not be read, which the receipt says; is not there. */
  | { readonly kind: 'bad' | 'unknown' | 'absent' };

interface Place {
  readonly name: UnitName;
  readonly path: string;
  readonly file: UnitFile;
}

const mostLinks = 64;

export class UnitFinder {
  readonly #files: UnitFiles;

  constructor(files: UnitFiles) {
    this.#files = files;
  }

  find(text: string): FoundUnit {
    const name = parseUnitName(text);
    let place = name === undefined ? undefined : this.#search(name);
    if (place === undefined) return { kind: 'absent' };
    for (let links = 0; links < mostLinks; links += 1) {
      const { file, path }: Place = place;
      if (place.name.form !== 'plain' && !mayHaveTemplates(place.name.type)) return { kind: 'bad' };
      if (file.kind === 'mask') return { kind: 'masked', path };
      if (file.kind === 'text') return file.text.isBroken ? { kind: 'bad' } : this.#toRegular(place);
      if (file.kind !== 'link') return { kind: file.kind === 'unknown' ? 'unknown' : 'bad' };
      const target = this.#files.followOne(path, file.target);
      if (target === undefined) return { kind: 'bad' };
      const isInside = this.#files.isInside(target);
      if (isInside && !isAlias(basename(path), basename(target))) return { kind: 'bad' };
      if (this.#files.read(target).kind === 'mask') return { kind: 'masked', path };
      const next = this.#follow(place, target, isInside);
      if (next === undefined) return { kind: 'bad' };
      place = next;
    }
    return { kind: 'bad' };
  }

  /** The first of the search path, the template of an instance behind the instance itself. */
  #search(name: UnitName): Place | undefined {
    for (const candidate of [name.name, name.form === 'instance' ? toTemplateName(name) : undefined])
      for (const folder of this.#files.folders)
        if (candidate !== undefined && folder.kinds.has(candidate)) {
          const path = `${folder.path}/${candidate}`;
          const isLink = folder.kinds.get(candidate) === 'link';
          const file = isLink ? this.#files.readOne(path) : this.#files.read(path);
          if (file.kind !== 'absent') return { name, path, file };
        }
    return undefined;
  }

  #follow(place: Place, target: string, isInside: boolean): Place | undefined {
    const toSame = (): Place => ({ name: place.name, path: target, file: this.#files.readOne(target) });
    // What a file outside of the search path is called does not matter.
    if (!isInside || basename(target) === place.name.name) return toSame();
    const other = parseUnitName(basename(target));
    if (other === undefined) return undefined;
    if (place.name.form !== 'instance' || other.form !== 'template') return this.#search(other);
    const instance = toInstanceName(other, place.name.instance);
    if (instance === place.name.name) return toSame();
    const parsed = parseUnitName(instance);
    return parsed === undefined ? undefined : this.#search(parsed);
  }

  #toRegular({ name, path, file }: Place): FoundUnit {
    const template = toTemplateName(name);
    const folders = [[`${name.name}.d`], ...(name.form === 'instance' ? [[`${template}.d`]] : [])];
    const dropIns = this.#files.dropInsOf(folders).map((dropIn) => this.#files.read(dropIn));
    // A drop-in that cannot be loaded fails the unit.
    if (dropIns.some((one) => one.kind === 'text' && one.text.isBroken)) return { kind: 'bad' };
    const all = [file, ...dropIns].flatMap((one) => (one.kind === 'text' ? one.text.assignments : []));
    return { kind: 'regular', name, path, install: toInstall(all, mayHaveAliases(name.type)) };
  }
}

function isAlias(link: string, target: string): boolean {
  const [alias, of] = [parseUnitName(link), parseUnitName(target)];
  return alias !== undefined && of !== undefined && mayBeAlias(alias, of);
}
