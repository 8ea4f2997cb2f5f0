/** What a search counts by: a declared field, or the one capture of a pattern, whose name says what it must be. */
import { describePatternError } from '../../kit/pattern.ts';
import type { LogSource } from './sources.ts';
import { type CapturedKind, capturedKinds, isCapturedKind, type ValueKind } from './value-kind.ts';

interface DeclaredField {
  readonly kind: ValueKind;
  readonly of: readonly LogSource[];
}

const logins = ['login', 'failed', 'last'] as const;

/** Fields whose values may be told. MESSAGE and _CMDLINE are none: they are lines. */
export const declaredFields: ReadonlyMap<string, DeclaredField> = new Map<string, DeclaredField>([
  ['unit', { kind: 'unit', of: ['journal'] }],
  ['identifier', { kind: 'word', of: ['journal', 'text'] }],
  ['priority', { kind: 'word', of: ['journal', 'text'] }],
  ['account', { kind: 'account', of: [...logins, 'audit'] }],
  ['address', { kind: 'address', of: [...logins, 'audit'] }],
  ['terminal', { kind: 'word', of: [...logins, 'audit'] }],
  ['type', { kind: 'word', of: ['login', 'audit'] }],
  ...['_UID', '_GID', '_AUDIT_LOGINUID', '_SYSTEMD_OWNER_UID', 'SYSLOG_FACILITY', 'ERRNO'].map(
    (name) => [name, { kind: 'number', of: ['journal'] }] as const,
  ),
  ...['_COMM', '_TRANSPORT', '_BOOT_ID', '_MACHINE_ID', '_HOSTNAME', 'MESSAGE_ID'].map(
    (name) => [name, { kind: 'word', of: ['journal'] }] as const,
  ),
  ...['_SYSTEMD_USER_UNIT', '_SYSTEMD_SLICE'].map((name) => [name, { kind: 'unit', of: ['journal'] }] as const),
  ...['key', 'comm', 'syscall', 'success', 'res', 'op'].map((name) => [name, { kind: 'word', of: ['audit'] }] as const),
  ...['auid', 'uid', 'euid', 'exit'].map((name) => [name, { kind: 'number', of: ['audit'] }] as const),
  ['exe', { kind: 'path', of: ['audit'] }],
  ['_EXE', { kind: 'path', of: ['journal'] }],
]);

export type By =
  | { readonly type: 'field'; readonly name: string; readonly kind: ValueKind; readonly of: readonly LogSource[] }
  | { readonly type: 'capture'; readonly pattern: string; readonly kind: CapturedKind };

/** Index after an escape; all of `\Q…\E` is one. */
function skipEscape(pattern: string, index: number): number {
  if (pattern[index + 1] !== 'Q') return index + 2;
  const end = pattern.indexOf('\\E', index + 2);
  return end === -1 ? pattern.length : end + 2;
}

/** The names of all captures, null for one without a name or with a strange one. A class of characters has none. */
function* listCaptures(pattern: string): Generator<string | null> {
  let inClass = false;
  for (let index = 0; index < pattern.length; ) {
    const letter = pattern[index];
    if (letter === '\\') {
      index = skipEscape(pattern, index);
      continue;
    }
    const isFirstInClass = /\[\^?$/.test(pattern.slice(0, index));
    if (letter === '[' && !inClass) inClass = true;
    else if (letter === ']' && inClass && !isFirstInClass) inClass = false;
    else if (letter === '(' && !inClass) {
      const rest = pattern.slice(index + 1);
      const name = /^\?P?<(\w+)>/.exec(rest)?.[1];
      if (name !== undefined) yield name;
      else if (/^(?!\?)|^\?P?[<']/.test(rest)) yield null;
    }
    index += 1;
  }
}

const kindsText = capturedKinds.map((kind) => `(?P<${kind}>…)`).join(' ');

/** The reason when it is neither. */
export function parseBy(text: string): By | string {
  const declared = declaredFields.get(text);
  if (declared !== undefined) return { type: 'field', name: text, ...declared };
  if (/^\w*$/.test(text))
    return `expected a field whose values may leave the host (${[...declaredFields.keys()].join(' ')}) or a pattern with a capture, got ${JSON.stringify(text)}`;
  const problem = describePatternError(text);
  if (problem !== undefined) return problem;
  const [name, ...others] = listCaptures(text);
  if (typeof name !== 'string' || others.length > 0 || !isCapturedKind(name))
    return `expected one capture, named for what it is: ${kindsText}; got ${JSON.stringify(text.slice(0, 200))}, which could return lines`;
  return { type: 'capture', pattern: text, kind: name };
}
