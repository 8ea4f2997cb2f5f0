/** All sudoers files of a host, in the order in which sudo reads them. */
import { dirname, join } from 'node:path';
import type { SkipReason } from '../../../protocol/result/result.ts';
import type { Host } from '../files/host.ts';
import { toPath } from '../files/latin1-text.ts';
import { SudoersParser } from './parse.ts';
import type { Alias, AliasKind, DefaultsRule, UserRule } from './syntax.ts';

const kind = 'sudoers';
const mainFile = '/etc/sudoers';
/** The second is that of systems that keep what packages bring away from /etc. */
const mainFiles = [mainFile, '/usr/etc/sudoers'];
/** sudo's own limit. */
const mostDepth = 128;
const mostFiles = 10_000;
const mostFileBytes = 4 * 1024 * 1024;

export interface Sudoers {
  /** Whether there is one at all. */
  readonly isThere: boolean;
  /** Why there may be more. */
  readonly gap: SkipReason | undefined;
  readonly rules: readonly UserRule[];
  /** In the order in which they count: those of commands last. */
  readonly defaults: readonly DefaultsRule[];
  alias(aliasOf: AliasKind, name: string): Alias | undefined;
  /** Says in the receipt that aliases stand for more than is looked at. */
  noteCut(): void;
}

class Reader implements Sudoers {
  readonly rules: UserRule[] = [];
  readonly #defaults: DefaultsRule[] = [];
  readonly #commandDefaults: DefaultsRule[] = [];
  readonly #aliases = new Map<string, Alias>();
  readonly #host: Host;
  gap: SkipReason | undefined;
  #files = 0;
  #isCut = false;

  constructor(host: Host) {
    this.#host = host;
  }

  get defaults(): readonly DefaultsRule[] {
    return [...this.#defaults, ...this.#commandDefaults];
  }

  get isThere(): boolean {
    return this.#files > 0 || this.gap !== undefined;
  }

  alias(aliasOf: AliasKind, name: string): Alias | undefined {
    return this.#aliases.get(`${aliasOf} ${name}`);
  }

  noteCut(): void {
    if (!this.#isCut) this.#host.report(kind, mainFile, this.rules.length, 'undecided');
    this.#isCut = true;
  }

  /** @returns false when it is not there. */
  read(path: string, depth: number): boolean {
    const file = this.#host.read(kind, path, { isRequired: depth > 0, most: mostFileBytes });
    if (file.state === 'unknown' && file.reason !== 'vanished') this.gap ??= file.reason;
    if (file.state !== 'read') return file.state === 'unknown';
    this.#files += 1;
    let entries = 0;
    let isWhole = true;
    for (const statement of new SudoersParser(file.bytes.toString('latin1'), this.#host.at(path)).statements()) {
      entries += 1;
      if (statement.kind === 'rule') this.rules.push(statement);
      else if (statement.kind === 'defaults')
        (statement.scope === 'command' ? this.#commandDefaults : this.#defaults).push(statement);
      else if (statement.kind === 'alias') this.#add(statement);
      else if (statement.kind === 'malformed') isWhole = false;
      else isWhole = this.#include(path, statement.target, statement.isFolder, depth) && isWhole;
    }
    // A line that sudo skips as well may be one that a newer sudo understands.
    file.report(entries, isWhole ? undefined : 'unsupported');
    return true;
  }

  /** The first definition counts: sudo refuses a second one. */
  #add(alias: Alias): void {
    const key = `${alias.aliasOf} ${alias.name}`;
    if (!this.#aliases.has(key)) this.#aliases.set(key, alias);
  }

  /** @returns false beyond the limits. */
  #include(from: string, target: string, isFolder: boolean, depth: number): boolean {
    if (depth >= mostDepth || this.#files >= mostFiles) {
      this.gap ??= 'too-deep';
      return false;
    }
    const [shortName = ''] = this.#host.name.split('.');
    const written = toPath(target);
    const path = join(
      written.startsWith('/') ? '/' : dirname(from),
      written.replaceAll('%h', () => shortName),
    );
    if (!isFolder) {
      this.read(path, depth + 1);
      return true;
    }
    const { names, gap } = this.#host.listFolder(kind, path);
    this.gap ??= gap;
    const counted = names.filter((name) => !name.includes('.') && !name.endsWith('~'));
    for (const name of counted) if (this.#files < mostFiles) this.read(join(path, name), depth + 1);
    return this.#files < mostFiles;
  }
}

export function readSudoers(host: Host): Sudoers {
  const reader = new Reader(host);
  mainFiles.some((path) => reader.read(path, 0));
  return reader;
}
