/** The patterns of protected paths for TypeScript code; the native engine has the same syntax (glob.h). */

const special = /[\\^$.*+?()[\]{}|]/g;

/** `[a-z]`, `[!a]`; an unclosed bracket matches nothing. */
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

/** The form for comparison: with slashes, also before a drive. */
function toSlashed(path: string): string {
  if (process.platform !== 'win32') return path;
  const slashed = path.replaceAll('\\', '/');
  return slashed.startsWith('/') ? slashed : `/${slashed}`;
}

/** The pattern for everything below a folder does not match the folder. */
function toSource(name: string, isLast: boolean): string {
  if (name === '**') return isLast ? '(?:/[^/]+)+' : '(?:/[^/]+)*';
  return `/${toNameSource(name)}`;
}

/** Whether an absolute path matches the pattern; `**` is any number of names, `*`, `?` and `[…]` are parts of one. */
export function toPathMatcher(glob: string): (path: string) => boolean {
  const names = toSlashed(glob)
    .split('/')
    .filter((name) => name !== '');
  const source = names.map((name, index) => toSource(name, index === names.length - 1)).join('');
  const pattern = new RegExp(`^${source}$`, process.platform === 'linux' ? 's' : 'is');
  return (path) => pattern.test(toSlashed(path));
}
