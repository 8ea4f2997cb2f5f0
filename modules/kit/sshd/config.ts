/** Settings of sshd, each with the conditions under which it holds. @see sshd_config(5) */
import { basename, dirname, join } from 'node:path';
import type { SkipReason } from '../../../protocol/result/result.ts';
import { toGlobPattern } from '../files/glob-pattern.ts';
import type { Host } from '../files/host.ts';
import { toLatin1, toPath } from '../files/latin1-text.ts';

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
  /** The same as written, with quotes and comment. */
  readonly rest: string;
  /** Empty outside of Match blocks. */
  readonly conditions: readonly Criteria[];
  readonly path: string;
  readonly line: number;
}

/** Something that was not read, and that may set anything. */
interface Gap {
  readonly reason: SkipReason;
  readonly conditions: readonly Criteria[];
  /** How many settings stand ahead of it. */
  readonly behind: number;
}

export interface SshdConfig {
  /** Whether there is a configuration at all. */
  readonly isThere: boolean;
  /** In the order in which sshd reads them: of one setting the first counts. */
  readonly settings: readonly Setting[];
  readonly gaps: readonly Gap[];
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

/** Without a keyword for an empty line or a comment. */
function splitKeyword(line: string): { readonly name: string; readonly rest: string } {
  const [, name = '', rest = ''] = /^[ \t\f]*"?([^\s="#]+)"?[ \t]*=?[ \t]*([\s\S]*)$/.exec(line) ?? [];
  let end = rest.length;
  while (end > 0 && ' \t\f\r'.includes(rest[end - 1] ?? '')) end -= 1;
  return { name, rest: rest.slice(0, end) };
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

class Reader {
  readonly settings: Setting[] = [];
  readonly gaps: Gap[] = [];
  readonly #host: Host;
  #files = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** @returns false when it is not there. */
  read(path: string, outer: readonly Criteria[], depth: number): boolean {
    const file = this.#host.read(kind, path, { most: mostFileBytes });
    if (file.state === 'absent') return false;
    if (file.state === 'unknown') {
      this.#miss(file.reason, outer);
      return true;
    }
    this.#files += 1;
    let conditions = outer;
    let entries = 0;
    let isWhole = true;
    for (const [index, text] of file.bytes.toString('latin1').split('\n').entries()) {
      const { name, rest } = splitKeyword(text);
      if (name === '') continue;
      entries += 1;
      const values = splitArguments(rest);
      const lower = name.toLowerCase();
      if (lower === 'match') conditions = [...outer, parseCriteria(values)];
      else if (lower === 'include') isWhole = this.#include(values, conditions, depth) && isWhole;
      else this.settings.push({ name: lower, values, rest, conditions, path: this.#host.at(path), line: index + 1 });
    }
    file.report(entries, isWhole ? undefined : 'too-deep');
    return true;
  }

  /** What it includes holds under the same conditions. @returns false beyond the limits. */
  #include(patterns: readonly string[], conditions: readonly Criteria[], depth: number): boolean {
    for (const pattern of patterns)
      for (const path of this.#expand(pattern.startsWith('/') ? pattern : join(folder, pattern), conditions)) {
        if (depth >= mostDepth || this.#files >= mostFiles) {
          this.#miss('too-deep', conditions);
          return false;
        }
        this.read(toPath(path), conditions, depth + 1);
      }
    return true;
  }

  /** The files that a pattern stands for, sorted, all in Latin-1. Names that begin with a dot must be written. */
  #expand(pattern: string, conditions: readonly Criteria[]): string[] {
    if (!/[*?[]/.test(pattern)) return [pattern];
    const parents = this.#expand(dirname(pattern), conditions);
    const name = basename(pattern);
    const matcher = toGlobPattern(name);
    return parents.flatMap((parent) => {
      const { names, gap } = this.#host.listFolder(kind, toPath(parent));
      if (gap !== undefined) this.#miss(gap, conditions);
      return names
        .map(toLatin1)
        .filter((one) => matcher.test(one) && (name.startsWith('.') || !one.startsWith('.')))
        .map((one) => join(parent, one));
    });
  }

  #miss(reason: SkipReason, conditions: readonly Criteria[]): void {
    this.gaps.push({ reason, conditions, behind: this.settings.length });
  }
}

export function readSshdConfig(host: Host): SshdConfig {
  const reader = new Reader(host);
  const isThere = mainFiles.some((path) => reader.read(path, [], 0));
  return { isThere, settings: reader.settings, gaps: reader.gaps };
}
