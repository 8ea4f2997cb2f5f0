/** Lines of passwd(5). */
import type { TableLine } from '../files/table-line.ts';
import { FieldReader, isDirectoryName } from './colon-line.ts';

export interface PasswdEntry {
  readonly kind: 'account';
  readonly line: number;
  readonly name: string;
  /** A hash, or the sign that shadow has it. */
  readonly password: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

/** Whether passwd leaves the password to shadow. @see pam_unix(8) */
export function isShadowed({ password }: Pick<PasswdEntry, 'password'>): boolean {
  return password === 'x' || password.startsWith('##');
}

/** `+`, `-` or `+@group`: accounts of a directory are added or taken away. */
export interface DirectoryLine {
  readonly kind: 'directory';
  readonly line: number;
  readonly name: string;
}

/** Null for a line that the C library skips. */
export function parsePasswdLine({ number: line, text }: TableLine): PasswdEntry | DirectoryLine | null {
  const fields = new FieldReader(text);
  const name = fields.text();
  if (isDirectoryName(name)) return { kind: 'directory', line, name };
  const password = fields.text();
  const uid = fields.number();
  const gid = uid === null || uid === undefined ? undefined : fields.number();
  if (uid === null || uid === undefined || gid === null || gid === undefined) return null;
  fields.text();
  const home = fields.text();
  return { kind: 'account', line, name, password, uid, gid, home, shell: fields.rest };
}
