/** Problems of build.config.ts. Each is told in one line: field, finding, remedy. */
import { CodedError } from '../../protocol/base/coded-error.ts';

export interface ConfigProblem {
  /** `environments.production.investigators.alice.keys[0].file` */
  readonly field: string;
  /** `expected …, got …` */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

export type ConfigCode = 'config-missing' | 'config-broken' | 'config-invalid';

/** Every problem that was found, in one error. */
export class ConfigError extends CodedError<ConfigCode> {
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    super('config-invalid', `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in ${file}`);
    this.problems = problems;
  }
}

/** @returns one line: control characters of quoted input were escaped by `quote`. */
export function toLine(problem: ConfigProblem): string {
  return `${problem.field}: ${problem.message} (hint: ${problem.hint})`;
}

/** Joins a path as it would be written in TypeScript: `keys[0].file`, `tags["a b"]`. */
export function toField(path: readonly PropertyKey[]): string {
  let field = '';
  for (const part of path) {
    if (typeof part === 'number') field += `[${part}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(String(part))) field += field === '' ? String(part) : `.${String(part)}`;
    else field += `[${quote(String(part))}]`;
  }
  return field === '' ? 'default export' : field;
}

const maximumQuoted = 200;

/** JSON does not escape DEL and the C1 control characters. */
export function escapeControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A value as it is shown in a message: on one line, shortened. */
export function quote(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null)
    return Object.keys(value).length === 0 ? 'an empty object' : 'an object';
  const text = typeof value === 'string' ? escapeControls(JSON.stringify(value)) : String(value);
  return text.length > maximumQuoted ? `${text.slice(0, maximumQuoted)}…` : text;
}
