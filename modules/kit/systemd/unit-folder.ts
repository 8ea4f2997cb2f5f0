/** What is in a folder of units: files, links, and folders of links and of drop-ins. */
import { basename } from 'node:path';
import type { Host } from '../files/host.ts';
import type { EntryKind } from '../files/host-folder.ts';
import type { SearchFolder } from './search-folders.ts';
import { parseUnitName, toTemplateName } from './unit-name.ts';

/** A link that makes one unit start with another. */
export interface PullLink {
  /** The unit that is started. */
  readonly name: string;
  /** The unit that starts it. */
  readonly by: string;
  /** Absolute on the host. */
  readonly path: string;
}

function addTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

const pullFolder = /^(.+)\.(?:wants|requires|upholds)$/;

export class UnitFolder {
  /** Without links on its way. */
  readonly path: string;
  readonly role: SearchFolder['role'];
  readonly isRuntime: boolean;
  readonly kinds: ReadonlyMap<string, EntryKind>;
  /** Base names of the targets of its links, by name. */
  readonly #targets = new Map<string, string>();
  readonly #linksByTarget = new Map<string, string[]>();
  readonly pulls: readonly PullLink[];
  readonly #pulled = new Set<string>();
  readonly #pulledByTemplate = new Map<string, string[]>();

  constructor(host: Host, kind: string, { path, role }: SearchFolder) {
    this.path = path;
    this.role = role;
    this.isRuntime = path.startsWith('/run/');
    const { names, kinds, gap } = host.listFolder(kind, path);
    this.kinds = kinds;
    if (names.length > 0) host.report(kind, path, names.length, gap);
    const pulls: PullLink[] = [];
    for (const name of names) {
      if (kinds.get(name) === 'link') this.#addLink(name, host.linkAt(`${path}/${name}`));
      const by = kinds.get(name) === 'folder' ? pullFolder.exec(name)?.[1] : undefined;
      if (by === undefined) continue;
      const links = host.listFolder(kind, `${path}/${name}`);
      for (const link of links.names)
        if (links.kinds.get(link) === 'link') pulls.push({ name: link, by, path: `${path}/${name}/${link}` });
    }
    this.pulls = pulls;
    for (const { name } of pulls) this.#addPull(name);
  }

  #addLink(name: string, target: string | undefined): void {
    if (target === undefined) return;
    this.#targets.set(name, basename(target));
    addTo(this.#linksByTarget, basename(target), name);
  }

  #addPull(name: string): void {
    if (this.#pulled.has(name)) return;
    this.#pulled.add(name);
    const parsed = parseUnitName(name);
    const template = parsed === undefined ? undefined : toTemplateName(parsed);
    if (template !== undefined) addTo(this.#pulledByTemplate, template, name);
  }

  /** Names under which links in its folders of links pull in the unit or an instance of it. */
  pullsOf(name: string): readonly string[] {
    return [...(this.#pulled.has(name) ? [name] : []), ...(this.#pulledByTemplate.get(name) ?? [])];
  }

  /** Names of its links that lead to a file of this name. */
  linksTo(name: string): readonly string[] {
    return this.#linksByTarget.get(name) ?? [];
  }

  /** The base name of a link's target; undefined for what is no link. */
  targetOf(name: string): string | undefined {
    return this.#targets.get(name);
  }
}
