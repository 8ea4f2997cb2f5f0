/**
 * What systemd makes of a unit: its file, and the drop-ins over it.
 *
 *     const units = new Units(host, 'systemd', systemFolders);
 *     units.load('ssh.service')?.value('Service', 'ExecStart'); // { value: '/usr/sbin/sshd -D $SSHD_OPTS', path, line }
 */
import type { Host } from '../files/host.ts';
import type { SearchFolder } from './search-folders.ts';
import { UnitFiles } from './unit-files.ts';
import { type FoundUnit, UnitFinder } from './unit-finder.ts';
import { parseUnitName, toInstanceName, toTemplateName, type UnitName } from './unit-name.ts';
import { type UnitState, UnitStates } from './unit-state.ts';
import type { Assignment } from './unit-text.ts';

/** An assignment, and the file that has it, absolute on the host. */
export interface UnitSetting extends Assignment {
  readonly path: string;
}

interface ReadUnitFile {
  readonly path: string;
  readonly assignments: readonly Assignment[];
}

export class EffectiveUnit {
  readonly name: UnitName;
  /** The unit file. */
  readonly path: string;
  /** In the order in which they are read. */
  readonly dropIns: readonly string[];
  readonly #settings = new Map<string, UnitSetting[]>();

  /** @param files the texts that it is made of, in the order in which they are read. */
  constructor(name: UnitName, path: string, dropIns: readonly string[], files: readonly ReadUnitFile[]) {
    this.name = name;
    this.path = path;
    this.dropIns = dropIns;
    for (const file of files)
      for (const { section, key, value, line } of file.assignments) {
        const setting = { section, key, value, line, path: file.path };
        const known = this.#settings.get(key);
        if (known === undefined) this.#settings.set(key, [setting]);
        else known.push(setting);
      }
  }

  /** Of a list; an empty value takes away those before it. */
  values(section: string, key: string): readonly UnitSetting[] {
    const all = this.#settings.get(key)?.filter((one) => one.section === section);
    return all === undefined ? [] : all.slice(all.findLastIndex(({ value }) => value === '') + 1);
  }

  /** All of a section that count, by the order in which their names come first. */
  allOf(section: string): readonly UnitSetting[] {
    return [...this.#settings.keys()].flatMap((key) => this.values(section, key));
  }

  /** The last one; undefined when it is not set, or empty. */
  value(section: string, key: string): UnitSetting | undefined {
    return this.values(section, key).at(-1);
  }
}

/** `a-b-.service` and `a-.service` of `a-b-c.service`. */
function* toShorterNames({ prefix, type, form, instance }: UnitName): Generator<string> {
  let rest = prefix;
  for (;;) {
    const dash = rest.lastIndexOf('-', rest.length - 2);
    if (dash < 1) return;
    rest = rest.slice(0, dash + 1);
    yield form === 'plain' ? `${rest}.${type}` : `${rest}@${instance}.${type}`;
  }
}

/** Folders of drop-ins for one name of a unit, the most specific first. */
function toDropInFolders(name: UnitName): string[] {
  return [name.name, ...toShorterNames(name)].flatMap((one) => {
    // Of an instance, the template is another name.
    const parsed = name.form === 'instance' ? parseUnitName(one) : undefined;
    const template = parsed === undefined ? undefined : toTemplateName(parsed);
    return template === undefined || template === one ? [`${one}.d`] : [`${one}.d`, `${template}.d`];
  });
}

/** The units of a search path. */
export class Units {
  readonly files: UnitFiles;
  readonly #finder: UnitFinder;
  readonly #states: UnitStates;
  readonly #found = new Map<string, FoundUnit>();
  #names: readonly string[] | undefined;
  #aliases: ReadonlyMap<string, readonly string[]> | undefined;

  /** @param kind of the source, for the receipt. */
  constructor(host: Host, kind: string, search: readonly SearchFolder[]) {
    this.files = new UnitFiles(host, kind, search);
    this.#finder = new UnitFinder(this.files);
    this.#states = new UnitStates(this.files, this.#finder);
  }

  /** All names that files and links have, as `systemctl list-unit-files` lists them, sorted. */
  names(): readonly string[] {
    this.#names ??= this.#listNames();
    return this.#names;
  }

  #listNames(): readonly string[] {
    const names = this.files.folders.flatMap(({ kinds }) =>
      [...kinds].filter(([, kind]) => kind === 'file' || kind === 'link').map(([name]) => name),
    );
    return [...new Set(names)].filter((name) => parseUnitName(name) !== undefined).sort();
  }

  find(name: string): FoundUnit {
    const known = this.#found.get(name) ?? this.#finder.find(name);
    this.#found.set(name, known);
    return known;
  }

  /** Null when a file could not be read that decides it. */
  stateOf(name: string): UnitState | null {
    return this.#states.stateOf(name, this.find(name));
  }

  /** Undefined for a unit that is masked, broken, unreadable or not there. */
  load(name: string): EffectiveUnit | undefined {
    const found = this.find(name);
    const file = found.kind === 'regular' ? this.files.read(found.path) : undefined;
    if (found.kind !== 'regular' || file?.kind !== 'text') return undefined;
    const names = [found.name, ...this.#aliasesOf(found.name)];
    const folders = [...names.map(toDropInFolders), [`${found.name.type}.d`]];
    const dropIns = this.files.dropInsOf(folders);
    const texts = [found.path, ...dropIns].flatMap((path) => {
      const read = this.files.read(path);
      return read.kind === 'text' ? [{ path, assignments: read.text.assignments }] : [];
    });
    return new EffectiveUnit(found.name, found.path, dropIns, texts);
  }

  /** Other names of a unit; of an instance also those that its template has. */
  #aliasesOf(name: UnitName): readonly UnitName[] {
    const all = this.#aliases ?? this.#findAliases();
    this.#aliases = all;
    const template = name.form === 'instance' ? toTemplateName(name) : undefined;
    const ofTemplate = (all.get(template ?? '') ?? []).flatMap((alias) => {
      const parsed = parseUnitName(alias);
      return parsed === undefined ? [] : [toInstanceName(parsed, name.instance)];
    });
    return [...(all.get(name.name) ?? []), ...ofTemplate].flatMap((alias) => parseUnitName(alias) ?? []);
  }

  #findAliases(): ReadonlyMap<string, readonly string[]> {
    const aliases = new Map<string, string[]>();
    for (const name of this.names()) {
      const found = this.find(name);
      if (found.kind !== 'regular' || found.name.name === name) continue;
      aliases.set(found.name.name, [...(aliases.get(found.name.name) ?? []), name]);
    }
    return aliases;
  }
}
