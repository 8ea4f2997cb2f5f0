/** Shell patterns, as fnmatch(3) has them, for one name. */

/** @param flags of the expression: `i` ignores case. */
export function toGlobPattern(glob: string, flags = ''): RegExp {
  const source = glob
    .replaceAll(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
  try {
    return new RegExp(`^${source}$`, flags);
  } catch {
    return /(?!)/;
  }
}
