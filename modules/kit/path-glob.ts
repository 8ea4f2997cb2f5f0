/** The patterns of protected paths for what is decided outside of the native engine, which reads them the same way (glob.h). */

const special = /[\\^$.*+?()[\]{}|]/g;

/** `[a-z]`, `[!a]`; a bracket that is not closed matches nothing. */
function bracketAt(name: string, start: number): { readonly source: string; readonly end: number } | null {
  const from = start + (/^[!^]/.test(name.slice(start + 1)) ? 2 : 1);
  const end = name.indexOf(']', from + 1);
  if (end === -1) return null;
  const inside = name.slice(from, end).replaceAll(/[\\\]^]/g, '\\$&');
  return { source: `[${from > start + 1 ? '^' : ''}${inside}]`, end };
}

function toNameSource(name: string): string {
  let source = '';
  for (let index = 0; index < name.length; index += 1) {
    const character = name[index] ?? '';
    const bracket = character === '[' ? bracketAt(name, index) : undefined;
    if (bracket === null) return '(?!)';
    if (bracket !== undefined) {
      source += `(?!/)${bracket.source}`;
      index = bracket.end;
    } else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else source += character.replace(special, '\\$&');
  }
  return source;
}

/** As paths are compared: with slashes, and before a drive, too. */
function toSlashed(path: string): string {
  if (process.platform !== 'win32') return path;
  const slashed = path.replaceAll('\\', '/');
  return slashed.startsWith('/') ? slashed : `/${slashed}`;
}

/** What is below a folder is not the folder itself. */
function toSource(name: string, isLast: boolean): string {
  if (name === '**') return isLast ? '(?:/[^/]+)+' : '(?:/[^/]+)*';
  return `/${toNameSource(name)}`;
}

/** Whether an absolute path fits the pattern; `**` stands for any number of names, `*`, `?` and `[…]` for parts of one. */
export function toPathMatcher(glob: string): (path: string) => boolean {
  const names = toSlashed(glob)
    .split('/')
    .filter((name) => name !== '');
  const source = names.map((name, index) => toSource(name, index === names.length - 1)).join('');
  const pattern = new RegExp(`^${source}$`, process.platform === 'linux' ? 's' : 'is');
  return (path) => pattern.test(toSlashed(path));
}
