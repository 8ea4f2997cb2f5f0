/** The state of a unit file in the words of systemctl. @see systemctl(1), is-enabled */
import { basename, dirname } from 'node:path';
import type { UnitFiles } from './unit-files.ts';
import type { FoundUnit, UnitFinder } from './unit-finder.ts';
import type { UnitFolder } from './unit-folder.ts';
import { toInstanceName } from './unit-name.ts';

export const unitStates = [
  'enabled',
  'enabled-runtime',
  'linked',
  'linked-runtime',
  'alias',
  'masked',
  'masked-runtime',
  'static',
  'indirect',
  'disabled',
  'generated',
  'transient',
  'bad',
  'not-found',
] as const;
export type UnitState = (typeof unitStates)[number];

type RegularUnit = Extract<FoundUnit, { readonly kind: 'regular' }>;

/** Whether the section [Install] of the unit may have led to a link of this name. */
function isKnownLink({ name, install: { aliases, defaultInstance } }: RegularUnit, link: string): boolean {
  if (link === name.name || aliases.includes(link)) return true;
  return name.form === 'template' && defaultInstance !== undefined && link === toInstanceName(name, defaultInstance);
}

interface LinksFound {
  readonly areFound: boolean;
  /** Whether a link of the folder makes a file elsewhere known under its own name. */
  readonly hasSameName: boolean;
}

function findLinks(
  unit: RegularUnit,
  folder: UnitFolder,
  isMeant: (link: string) => boolean,
  ignoresSameName: boolean,
): LinksFound {
  const { name } = unit.name;
  if (folder.pullsOf(name).some(isMeant)) return { areFound: true, hasSameName: false };
  const target = ignoresSameName ? undefined : folder.targetOf(name);
  const links = [...(target === undefined ? [] : [name]), ...folder.linksTo(name)];
  const isSame = (link: string): boolean => link === name && target === name;
  return {
    areFound: links.some((link) => !isSame(link) && isMeant(link)),
    hasSameName: links.some(isSame),
  };
}

/** @param isMeant by the name of a link. Undefined without such links. */
function stateOfLinks(
  unit: RegularUnit,
  folders: readonly UnitFolder[],
  isMeant: (link: string) => boolean,
): UnitState | undefined {
  const seen = new Set<'runtime' | 'other' | 'linked' | 'linked-runtime'>();
  // Links below the folder of the unit are hidden by the unit itself.
  let ignoresSameName = false;
  for (const folder of folders) {
    const { areFound, hasSameName } = findLinks(unit, folder, isMeant, ignoresSameName);
    if (areFound && folder.role === 'config') return 'enabled';
    if (areFound) seen.add(folder.isRuntime ? 'runtime' : 'other');
    else if (hasSameName && folder.role === 'config') seen.add('linked');
    else if (hasSameName && folder.isRuntime) seen.add('linked-runtime');
    ignoresSameName ||= unit.path.startsWith(`${folder.path}/`);
  }
  if (seen.has('runtime')) return 'enabled-runtime';
  if (seen.has('other') && unit.name.form === 'instance') return 'static';
  if (seen.has('linked')) return 'linked';
  return seen.has('linked-runtime') ? 'linked-runtime' : undefined;
}

export class UnitStates {
  readonly #files: UnitFiles;
  readonly #finder: UnitFinder;

  constructor(files: UnitFiles, finder: UnitFinder) {
    this.#files = files;
    this.#finder = finder;
  }

  /** Null when a file could not be read that decides it. */
  stateOf(text: string, found: FoundUnit = this.#finder.find(text)): UnitState | null {
    if (found.kind === 'masked') return found.path.startsWith('/run/') ? 'masked-runtime' : 'masked';
    if (found.kind === 'unknown') return null;
    if (found.kind !== 'regular') return found.kind === 'bad' ? 'bad' : 'not-found';
    const { name, path, install } = found;
    if (text !== basename(path) && name.form !== 'instance') return 'alias';
    const { folders } = this.#files;
    const role = folders.find((folder) => folder.path === dirname(path))?.role;
    if (role === 'generator') return 'generated';
    if (role === 'transient') return 'transient';
    const state = stateOfLinks(found, folders, (link) => isKnownLink(found, link));
    if (state !== undefined) return state;
    if (stateOfLinks(found, folders, () => true) !== undefined) return 'indirect';
    if (install.hasRules) return 'disabled';
    return install.hasAlso ? 'indirect' : 'static';
  }
}
