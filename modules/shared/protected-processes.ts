/**
 * What is protected, where processes are asked about: by the path of the executable, and of files that are mapped. Questions
 * that look inside, into memory or at a digest, need what the content of such a file needs, and count as much.
 */
import type { Protection } from '../contract.ts';
import { AgentProcesses } from './agent-processes.ts';
import { toPathMatcher } from './path-glob.ts';
import type { ProcessEntry } from './process-entry.ts';

interface Rule {
  readonly matches: (path: string) => boolean;
  readonly mayRead: boolean;
  readonly mayTell: boolean;
}

/** Whether a process may be looked into; `counted`: it is protected, so that no more is told than whether it fits. */
export type Look = 'open' | 'counted' | 'refused';

function pathOf({ executable }: ProcessEntry): string[] {
  return executable.kind === 'file' ? [Buffer.from(executable.path).toString('utf8')] : [];
}

export class ProtectedProcesses {
  readonly #rules: readonly Rule[];
  readonly #hiding: readonly Rule[];
  /** Of paths, which many processes share: a library is mapped by nearly all. */
  readonly #known = new Map<string, readonly Rule[]>();
  readonly #agents: AgentProcesses | null;
  #left: number;
  #taken = 0;

  constructor(protection: Protection | undefined) {
    const rules = protection?.rules ?? [];
    this.#rules = rules.map(({ glob, mayRead, mayTell }) => ({ matches: toPathMatcher(glob), mayRead, mayTell }));
    this.#hiding = this.#rules.filter(({ mayTell }) => !mayTell);
    const keepsAgents = protection?.contents.some(({ kind, mayRead }) => kind === 'agent-executable' && !mayRead);
    this.#agents = keepsAgents === true ? new AgentProcesses() : null;
    this.#left = protection?.questions ?? 0;
  }

  get hasRules(): boolean {
    return this.#rules.length > 0 || this.#agents !== null;
  }

  /** Questions that were answered. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether the process may be listed or counted. */
  mayTell(entry: ProcessEntry): boolean {
    return !pathOf(entry).some((path) => this.#hiding.some(({ matches }) => matches(path)));
  }

  /** Whether so many questions may look inside of it; taken from those that are left when it is protected and they may. */
  look(entry: ProcessEntry, questions: number, mapped: readonly Uint8Array[] = []): Look {
    if (this.#agents?.has(entry) === true) return 'refused';
    const paths = [...pathOf(entry), ...mapped.map((path) => Buffer.from(path).toString('utf8'))];
    const rules = paths.flatMap((path) => this.#rulesFor(path));
    if (rules.length === 0) return 'open';
    if (questions > this.#left || rules.some(({ mayRead }) => !mayRead)) return 'refused';
    this.#left -= questions;
    this.#taken += questions;
    return 'counted';
  }

  #rulesFor(path: string): readonly Rule[] {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const rules = this.#rules.filter(({ matches }) => matches(path));
    this.#known.set(path, rules);
    return rules;
  }
}
