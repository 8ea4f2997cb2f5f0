/**
 * Decides what a question may learn on this host. A module asks the gate before it reports anything: a hit needs a
 * permit, and only the gate issues permits.
 */

import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import glob from 'fast-glob';
import { type CompiledGlobs, native } from '../../native/index.ts';
import type { ContentKind } from '../../protocol/environment/protection.ts';

/** Derived from the environment's rules and the signers' weights. */
export interface Protection {
  readonly rules: readonly ProtectionRule[];
  readonly contents: readonly ContentRule[];
  /** The remaining questions about protected content for this hour. */
  readonly questions: number;
  /** Rules for modules that the operation asks within, by module; its own rules hold for others. */
  readonly inner?: Readonly<Record<string, Pick<Protection, 'rules' | 'contents'>>>;
}

interface ProtectionRule {
  /** For absolute paths: `*`, `?`, `[…]` within a name, `**` for any number of names. */
  readonly glob: string;
  /** Whether questions about content and digests may be answered. */
  readonly mayRead: boolean;
  /** Whether the file may be listed or counted. */
  readonly mayTell: boolean;
}

/** A secret recognized by its first bytes under any name; the last two are the agent's own. */
export interface ContentRule {
  readonly kind: ContentKind | 'agent-key' | 'agent-executable';
  /** Whether questions about content and digests may be answered. */
  readonly mayRead: boolean;
}

/** The thing that a rule applies to. */
export interface Subject {
  /** The path of a file, or of a process's executable and mapped files. */
  readonly paths: readonly string[];
  /** Whether it is a process of an agent, under any name. */
  readonly runsAgent?: boolean;
}

/**
 * Whether a thing may be examined. `counted`: it is protected, and only a match may be reported. The last two are
 * refusals.
 */
export type ReadAccess = 'open' | 'counted' | 'protected' | 'question-limit';

declare const given: unique symbol;

/** Permission to report something. */
export interface Permit {
  readonly [given]: true;
}

/** Only its type matters: it proves the gate's decision. */
const permit = {} as Permit;

/** The real path of the existing part of a path; the rest is appended unchanged. */
function toRealPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(toRealPath(parent), basename(path));
  }
}

export class Gate {
  /** For the native engine, which judges files during its walk. */
  readonly protection: Protection;
  /** Null without rules, for which no native code needs to be loaded. */
  readonly #globs: CompiledGlobs | null;
  readonly #hasHiding: boolean;
  /** By path, which many subjects share: nearly all processes map the same libraries. */
  readonly #known = new Map<string, readonly ProtectionRule[]>();
  readonly #keepsAgents: boolean;
  /** Whether somebody asks on this machine, without an agent. */
  readonly isOwnMachine: boolean;
  #answered = 0;

  /** @param protection undefined for a user on their own machine. */
  constructor(protection: Protection | undefined) {
    this.isOwnMachine = protection === undefined;
    this.protection = protection ?? { rules: [], contents: [], questions: 0 };
    const { rules } = this.protection;
    this.#globs = rules.length === 0 ? null : native().compileGlobs(rules.map(({ glob: pattern }) => pattern));
    this.#hasHiding = rules.some(({ mayTell }) => !mayTell);
    this.#keepsAgents = this.protection.contents.some(({ kind, mayRead }) => kind === 'agent-executable' && !mayRead);
  }

  get hasRules(): boolean {
    return this.#globs !== null || this.#keepsAgents;
  }

  /** The number of answered questions about protected content. */
  get answered(): number {
    return this.#answered;
  }

  /**
   * For paths of this host, judged by name and by real path, links included; null when one must not be listed or
   * counted.
   */
  permitPaths(paths: readonly string[]): Permit | null {
    return paths.some((path) => this.#leadsToHidden(path, true)) ? null : permit;
  }

  /** For paths that need no resolving; null when one must not be listed or counted. */
  permitResolved({ paths }: Subject): Permit | null {
    return paths.some((path) => this.#isHidden(path)) ? null : permit;
  }

  /** Whether this many questions may examine the subject. They are taken from the budget when it is protected. */
  requestRead({ paths, runsAgent }: Subject, questions: number): ReadAccess {
    if (this.#keepsAgents && runsAgent === true) return 'protected';
    const rules = paths.flatMap((path) => this.#rulesFor(path));
    if (rules.length === 0) return 'open';
    if (rules.some(({ mayRead }) => !mayRead)) return 'protected';
    if (this.#answered + questions > this.protection.questions) return 'question-limit';
    this.#answered += questions;
    return 'counted';
  }

  #isHidden(path: string): boolean {
    return this.#hasHiding && this.#rulesFor(path).some(({ mayTell }) => !mayTell);
  }

  #rulesFor(path: string): readonly ProtectionRule[] {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const matching = new Set(this.#globs?.(path));
    const rules = this.protection.rules.filter((_, index) => matching.has(index));
    this.#known.set(path, rules);
    return rules;
  }

  /** For things without a path, which no rule can name: an address, an account. */
  permitPathless(): Permit {
    return permit;
  }

  /** For results of the native engine, which has applied the rules. */
  permitJudged(): Permit {
    return permit;
  }

  /** Adds the questions that the native engine answered. */
  countAnswered(questions: number): void {
    this.#answered += questions;
  }

  /**
   * Whether a path of the question is hidden, by name or by real path; a pattern is taken as a name. Judged before any
   * search, so that the answer does not depend on whether the path exists.
   */
  hides(path: string): boolean {
    return this.#leadsToHidden(path, !glob.isDynamicPattern(path));
  }

  /** @param isLiteral false for a pattern, which has no real path. */
  #leadsToHidden(path: string, isLiteral: boolean): boolean {
    if (!this.#hasHiding) return false;
    const own = join(toRealPath(dirname(path)), basename(path));
    const names = new Set([path, own, ...(isLiteral ? [toRealPath(path)] : [])]);
    return [...names].some((name) => this.#isHidden(name));
  }
}
