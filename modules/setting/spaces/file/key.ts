/** Keys of `file:`: `/etc/docker/daemon.json#live-restore`, `(ini):/etc/my.cnf#mysqld.port`. */
import { parsePathExpression, type Step } from './path-expression.ts';

const formats = ['ini', 'shell', 'properties', 'json', 'yaml', 'toml', 'xml'] as const;
export type Format = (typeof formats)[number];

export interface FileKey {
  readonly format: Format;
  readonly path: string;
  readonly steps: readonly Step[];
}

const byEnding: Readonly<Record<string, Format>> = {
  ini: 'ini',
  cnf: 'ini',
  env: 'shell',
  properties: 'properties',
  json: 'json',
  yaml: 'yaml',
  yml: 'yaml',
  toml: 'toml',
  xml: 'xml',
};

/** Where distributions keep what shells read. */
const shellFolders = /^\/etc\/(?:default|sysconfig|conf\.d)\/|^\/(?:etc|usr\/lib)\/os-release$/;

function isFormat(name: string): name is Format {
  return formats.some((one) => one === name);
}

function formatOf(path: string): Format | undefined {
  const [, ending = ''] = /\.([^./]+)$/.exec(path) ?? [];
  return byEnding[ending.toLowerCase()] ?? (shellFolders.test(path) ? 'shell' : undefined);
}

/** Null when it leads nowhere else. */
export function checkPath(path: string): string | null {
  const isPlain = path.startsWith('/') && !path.split('/').includes('..') && !path.includes('\0');
  return isPlain ? null : `expected an absolute path without .., got ${JSON.stringify(path)}`;
}

/** A text says what is wrong. */
export function parseFileKey(key: string): FileKey | string {
  const [, given, path, expression] = /^(?:\(([^)]*)\):)?([^#]*)#([\s\S]+)$/.exec(key) ?? [];
  if (path === undefined || expression === undefined)
    return `expected a path, # and the name of a value, such as /etc/app.json#log.level, got ${JSON.stringify(key)}`;
  const problem = checkPath(path);
  if (problem !== null) return problem;
  const format = given ?? formatOf(path);
  if (format === undefined)
    return `expected file(FORMAT): for a name without a known ending, where FORMAT is ${formats.join(', ')}, got ${JSON.stringify(key)}`;
  if (!isFormat(format)) return `expected one of ${formats.join(', ')} as the format, got ${JSON.stringify(format)}`;
  // Names in such files hold dots.
  const steps = format === 'properties' || format === 'shell' ? [expression] : parsePathExpression(expression);
  return steps === undefined
    ? `expected names as in a.b[0]['c.d'] behind #, got ${JSON.stringify(expression)}`
    : { format, path, steps };
}
