/**
 * What those who asked may learn on this host. A module asks it before it tells of anything: a hit takes a permit, and only
 * the gate gives permits.
 */

import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import glob from 'fast-glob';
import type { ContentKind } from '../../protocol/environment/protection.ts';
import { toPathMatcher } from './path-glob.ts';

/** Made of the environment's rules and the weights of those who signed. */
export interface Protection {
  readonly rules: readonly ProtectionRule[];
  readonly contents: readonly ContentRule[];
  /** How many questions about protected content may still be answered this hour. */
  readonly questions: number;
}

interface ProtectionRule {
  /** Over absolute paths: `*`, `?`, `[…]` within a name, `**` for any number of names. */
  readonly glob: string;
  /** Whether questions about content and digests may be answered. */
  readonly mayRead: boolean;
  /** Whether the file may be listed or counted. */
  readonly mayTell: boolean;
}

/** A file that its first bytes show to be a secret, whatever its name; the last two are the agent's own business. */
export interface ContentRule {
  readonly kind: ContentKind | 'agent-key' | 'agent-executable';
  /** Whether questions about content and digests may be answered. */
  readonly mayRead: boolean;
}

/** What a rule may be about. */
export interface Subject {
  /** Of the file, or of the executable of a process and what it has mapped. */
  readonly paths: readonly string[];
  /** Whether it is a process that runs an agent, of whatever name. */
  readonly runsAgent?: boolean;
}

/** Whether something may be looked into; `counted`: it is protected, so that no more is told than whether it fits. */
export type Look = 'open' | 'counted' | 'refused';

declare const given: unique symbol;

/** That something may be told of. */
export interface Permit {
  readonly [given]: true;
}

/** The type alone says where it came from. */
const permit = {} as Permit;

interface Rule extends Omit<ProtectionRule, 'glob'> {
  readonly matches: (path: string) => boolean;
}

/** Where the path leads: as much of it as is there without links, the rest as it is. */
function toRealPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(toRealPath(parent), basename(path));
  }
}

export class Gate {
  /** As the native engine takes them, which judges files while it walks. */
  readonly protection: Protection;
  readonly #rules: readonly Rule[];
  readonly #hiding: readonly Rule[];
  /** Of paths, which many subjects share: a library is mapped by nearly all processes. */
  readonly #known = new Map<string, readonly Rule[]>();
  readonly #keepsAgents: boolean;
  #answered = 0;

  /** @param protection undefined for who asks on a machine of their own. */
  constructor(protection: Protection | undefined) {
    this.protection = protection ?? { rules: [], contents: [], questions: 0 };
    this.#rules = this.protection.rules.map(({ glob: pattern, mayRead, mayTell }) => ({
      matches: toPathMatcher(pattern),
      mayRead,
      mayTell,
    }));
    this.#hiding = this.#rules.filter(({ mayTell }) => !mayTell);
    this.#keepsAgents = this.protection.contents.some(({ kind, mayRead }) => kind === 'agent-executable' && !mayRead);
  }

  get hasRules(): boolean {
    return this.#rules.length > 0 || this.#keepsAgents;
  }

  /** Questions about protected content that were answered. */
  get answered(): number {
    return this.#answered;
  }

  /**
   * For paths of this host, by their own names and by what they lead to, links included; null when one must not be listed or
   * counted.
   */
  tellPaths(paths: readonly string[]): Permit | null {
    return paths.some((path) => this.#leadsToHidden(path, true)) ? null : permit;
  }

  /** For what is judged by these very paths; null when it must not be listed or counted. */
  mayTell({ paths }: Subject): Permit | null {
    return paths.some((path) => this.#hiding.some(({ matches }) => matches(path))) ? null : permit;
  }

  /** Whether so many questions may look into it; taken from those that are left when it is protected and they may. */
  look({ paths, runsAgent }: Subject, questions: number): Look {
    if (this.#keepsAgents && runsAgent === true) return 'refused';
    const rules = paths.flatMap((path) => this.#rulesFor(path));
    if (rules.length === 0) return 'open';
    const isOver = this.#answered + questions > this.protection.questions;
    if (isOver || rules.some(({ mayRead }) => !mayRead)) return 'refused';
    this.#answered += questions;
    return 'counted';
  }

  #rulesFor(path: string): readonly Rule[] {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const rules = this.#rules.filter(({ matches }) => matches(path));
    this.#known.set(path, rules);
    return rules;
  }

  /** For what has no path that a rule could name: an address, an account. */
  tellPathless(): Permit {
    return permit;
  }

  /** For what the native engine found, which was handed the rules. */
  tellJudged(): Permit {
    return permit;
  }

  /** What the native engine says that it answered. */
  countJudged(questions: number): void {
    this.#answered += questions;
  }

  /**
   * Whether a path of the question leads to what must not be told of, by its own name or by what it leads to; a pattern is
   * taken for a name. Judged before anything is looked at, so that the answer is the same whether it is there.
   */
  hides(path: string): boolean {
    return this.#leadsToHidden(path, !glob.isDynamicPattern(path));
  }

  /** @param isLiteral false for a pattern, which leads nowhere itself. */
  #leadsToHidden(path: string, isLiteral: boolean): boolean {
    if (this.#hiding.length === 0) return false;
    const own = join(toRealPath(dirname(path)), basename(path));
    const names = new Set([path, own, ...(isLiteral ? [toRealPath(path)] : [])]);
    return this.#hiding.some(({ matches }) => [...names].some(matches));
  }
}
