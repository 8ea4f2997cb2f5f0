/** Filters that the engine does not have on a system. */
type Filter = 'users' | 'groups' | 'ctimes' | 'immutable' | 'appendonly' | 'capabilities' | 'xattrs';

const flags: Readonly<Record<Filter, string>> = {
  users: '-user',
  groups: '-group',
  ctimes: '-ctime',
  immutable: '-immutable',
  appendonly: '-appendonly',
  capabilities: '-capability',
  xattrs: '-xattr',
};

const missing: Readonly<
  Partial<Record<NodeJS.Platform, { readonly name: string; readonly filters: readonly Filter[] }>>
> = {
  win32: {
    name: 'Windows',
    filters: ['users', 'groups', 'ctimes', 'immutable', 'appendonly', 'capabilities', 'xattrs'],
  },
  darwin: { name: 'macOS', filters: ['capabilities', 'xattrs'] },
};

/** Why the search cannot be carried out on this system; empty when it can. */
export function listUnsupported(
  search: Readonly<Partial<Record<Filter, boolean | readonly string[] | undefined>>>,
  platform: NodeJS.Platform,
): readonly string[] {
  const { name = '', filters = [] } = missing[platform] ?? {};
  return filters
    .filter((filter) => {
      const value = search[filter];
      return Array.isArray(value) ? value.length > 0 : value !== undefined;
    })
    .map((filter) => `${flags[filter]}: not on ${name}`);
}
