/** Lines of group(5) and gshadow(5). */
import type { TableLine } from '../files/table-line.ts';
import { FieldReader, isDirectoryName } from './colon-line.ts';
import type { DirectoryLine } from './passwd.ts';

export interface GroupEntry {
  readonly kind: 'group';
  readonly line: number;
  readonly name: string;
  /** A hash, or the sign that gshadow has it. */
  readonly password: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** Null for a line that the C library skips. */
export function parseGroupLine({ number: line, text }: TableLine): GroupEntry | DirectoryLine | null {
  const fields = new FieldReader(text);
  const name = fields.text();
  if (isDirectoryName(name)) return { kind: 'directory', line, name };
  const password = fields.text();
  const gid = fields.number();
  if (gid === null || gid === undefined) return null;
  return { kind: 'group', line, name, password, gid, members: fields.names() };
}

export interface GroupShadowEntry {
  readonly name: string;
  readonly password: string;
  /** Those who may change its password and members. */
  readonly admins: readonly string[];
}

export function parseGroupShadowLine({ text }: TableLine): GroupShadowEntry {
  const fields = new FieldReader(text);
  return { name: fields.text(), password: fields.text(), admins: fields.names(false) };
}
