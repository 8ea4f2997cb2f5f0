/** Settings of sshd, each with the conditions under which it holds. @see sshd_config(5) */
import { basename, dirname, join } from 'node:path';
import { toGlobPattern } from '../files/glob-pattern.ts';
import type { Host } from '../files/host.ts';
import { toPath } from '../files/latin1-text.ts';

const kind = 'sshd_config';
const folder = '/etc/ssh';
/** The second is that of systems that keep what packages bring away from /etc. */
const mainFiles = ['/etc/ssh/sshd_config', '/usr/etc/ssh/sshd_config', '/usr/lib/ssh/sshd_config'];
/** sshd's own limit. */
const mostDepth = 16;
const mostFiles = 1000;
const mostFileBytes = 4 * 1024 * 1024;

/** The words behind one `Match`; all must hold. */
export type Criteria = readonly { readonly name: string; readonly value: string }[];

export interface Setting {
  /** Lower case. */
  readonly name: string;
  readonly values: readonly string[];
  /** Empty outside of Match blocks. */
  readonly conditions: readonly Criteria[];
  readonly path: string;
  readonly line: number;
}

/** The words of a line: quotes keep blanks, a word that begins with # ends it. */
export function splitArguments(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (letter === '\\' && (next === '"' || next === "'" || next === '\\' || (quote === '' && next === ' '))) {
      word = (word ?? '') + next;
      at += 1;
    } else if (quote !== '') {
      if (letter === quote) quote = '';
      else word = (word ?? '') + letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= '';
    } else if (letter === ' ' || letter === '\t' || letter === '\r') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (letter === '#' && word === undefined) break;
    else word = (word ?? '') + letter;
  }
  if (word !== undefined) words.push(word);
  return words;
}

function parseCriteria(words: readonly string[]): Criteria {
  const criteria: { name: string; value: string }[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const [, name = '', value] = /^([^=]*)(?:=(.*))?$/.exec(words[at] ?? '') ?? [];
    const hasNone = /^(?:all|invalid-user)$/i.test(name);
    criteria.push({ name: name.toLowerCase(), value: value ?? (hasNone ? '' : (words[at + 1] ?? '')) });
    if (value === undefined && !hasNone) at += 1;
  }
  return criteria;
}

/** The files that a pattern stands for, sorted. Names that begin with a dot must be written. */
function expandPattern(host: Host, pattern: string): string[] {
  if (!/[*?[]/.test(pattern)) return [pattern];
  const parents = expandPattern(host, dirname(pattern));
  const name = basename(pattern);
  const matcher = toGlobPattern(name);
  return parents.flatMap((parent) =>
    host
      .list(kind, parent)
      .filter((one) => matcher.test(one) && (name.startsWith('.') || !one.startsWith('.')))
      .map((one) => join(parent, one)),
  );
}

class Reader {
  readonly settings: Setting[] = [];
  readonly #host: Host;
  #files = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** @returns false when it is not there. */
  read(path: string, outer: readonly Criteria[], depth: number): boolean {
    const file = this.#host.read(kind, path, { most: mostFileBytes });
    if (file.state !== 'read') return file.state === 'unknown';
    this.#files += 1;
    let conditions = outer;
    let entries = 0;
    let isWhole = true;
    for (const [index, text] of file.bytes.toString('latin1').split('\n').entries()) {
      const [, name = '', rest = ''] = /^[ \t\f]*"?([^\s="#]+)"?[ \t]*=?[ \t]*(.*)$/.exec(text) ?? [];
      if (name === '') continue;
      entries += 1;
      const values = splitArguments(rest);
      const lower = name.toLowerCase();
      if (lower === 'match') conditions = [...outer, parseCriteria(values)];
      else if (lower === 'include') isWhole = this.#include(values, conditions, depth) && isWhole;
      else this.settings.push({ name: lower, values, conditions, path: this.#host.at(path), line: index + 1 });
    }
    file.report(entries, isWhole ? undefined : 'too-deep');
    return true;
  }

  /** What it includes holds under the same conditions. @returns false beyond the limits. */
  #include(patterns: readonly string[], conditions: readonly Criteria[], depth: number): boolean {
    if (depth >= mostDepth) return false;
    for (const pattern of patterns)
      for (const path of expandPattern(this.#host, pattern.startsWith('/') ? pattern : join(folder, pattern))) {
        if (this.#files >= mostFiles) return false;
        this.read(toPath(path), conditions, depth + 1);
      }
    return true;
  }
}

/** In the order in which sshd reads them: of one setting the first counts. */
export function readSshdSettings(host: Host): readonly Setting[] {
  const reader = new Reader(host);
  mainFiles.some((path) => reader.read(path, [], 0));
  return reader.settings;
}
