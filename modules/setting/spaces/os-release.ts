/** The variables of os-release. @see os-release(5) */
import type { Host } from '../../kit/files/host.ts';
import type { TableLine } from '../../kit/files/table-line.ts';
import type { FoundValue } from '../key-space.ts';
import { foundNothing, setTo, unset } from './found.ts';

const files = ['/etc/os-release', '/usr/lib/os-release'];

interface Variable {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** Without the quotes of a shell. */
function unquote(text: string): string {
  const [, mark, inner] = /^(["'])(.*)\1$/s.exec(text) ?? [];
  if (inner === undefined) return text;
  return mark === '"' ? inner.replaceAll(/\\(["\\$`])/g, '$1') : inner;
}

function parseVariable({ text, number }: TableLine): Variable | null {
  const [, name, value] = /^(\w+)=(.*?)\s*$/s.exec(text) ?? [];
  return name === undefined || value === undefined ? null : { name, value: unquote(value), line: number };
}

/** A function that finds variables in the first file that is there. */
export function readOsRelease(host: Host): (name: string) => FoundValue {
  for (const path of files) {
    const table = host.readTable('os-release', path, parseVariable);
    if (table.state === 'unknown') return () => foundNothing(table);
    if (table.state === 'absent') continue;
    const { entries } = table;
    return (name) => {
      const found = entries.findLast((entry) => entry.name === name);
      return found === undefined ? unset : setTo(found.value, { path: host.at(path), line: found.line });
    };
  }
  return () => unset;
}
