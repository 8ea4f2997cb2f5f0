/**
 * What is protected, where processes are asked about: by the path of the executable, and of files that are mapped. Questions
 * that look inside, into memory or at a digest, need what the content of such a file needs, and count as much.
 */
import type { Protection } from '../contract.ts';
import { toPathMatcher } from './path-glob.ts';
import type { ProcessEntry } from './process-entry.ts';

interface Rule {
  readonly matches: (path: string) => boolean;
  readonly mayRead: boolean;
  readonly mayTell: boolean;
}

function pathOf({ executable }: ProcessEntry): string[] {
  return executable.kind === 'file' ? [Buffer.from(executable.path).toString('utf8')] : [];
}

export class ProtectedProcesses {
  readonly #rules: readonly Rule[];
  readonly #hiding: readonly Rule[];
  #left: number;
  #taken = 0;

  constructor(protection: Protection | undefined) {
    const rules = protection?.rules ?? [];
    this.#rules = rules.map(({ glob, mayRead, mayTell }) => ({ matches: toPathMatcher(glob), mayRead, mayTell }));
    this.#hiding = this.#rules.filter(({ mayTell }) => !mayTell);
    this.#left = protection?.questions ?? 0;
  }

  get hasRules(): boolean {
    return this.#rules.length > 0;
  }

  /** Questions that were answered. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether the process may be listed or counted. */
  mayTell(entry: ProcessEntry): boolean {
    return !pathOf(entry).some((path) => this.#hiding.some(({ matches }) => matches(path)));
  }

  /** Whether so many questions may look inside of it; counted when it is protected and they may. */
  mayRead(entry: ProcessEntry, questions: number, mapped: readonly Uint8Array[] = []): boolean {
    const paths = [...pathOf(entry), ...mapped.map((path) => Buffer.from(path).toString('utf8'))];
    const rules = this.#rules.filter(({ matches }) => paths.some(matches));
    if (rules.length === 0) return true;
    if (questions > this.#left || rules.some(({ mayRead }) => !mayRead)) return false;
    this.#left -= questions;
    this.#taken += questions;
    return true;
  }
}
