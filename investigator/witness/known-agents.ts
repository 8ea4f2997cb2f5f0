/** Agents that have answered before, as ssh keeps known hosts: a known name with a new id is told. */

import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { AgentId, sha256Hex } from '../../protocol/base/identifiers.ts';
import { Instant, toInstant } from '../../protocol/base/instant.ts';
import type { StateKeeper } from '../cli/state-keeper.ts';

const KnownAgent = z.strictObject({ name: z.string().max(255), id: AgentId, since: Instant });
type KnownAgent = z.infer<typeof KnownAgent>;

/** So that newcomers do not stay in memory until the end. */
const linesPerWrite = 256;

function toKnownAgent(line: string): KnownAgent | undefined {
  try {
    return KnownAgent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

export class KnownAgents {
  readonly #directory: string;
  readonly #keeper: StateKeeper;
  readonly #file: string;
  /** Most names have one id: a set for each would take more than all the rest. */
  readonly #ids = new Map<string, AgentId | Set<AgentId>>();
  #unsaved: string[] = [];

  /** One file per fleet of a server, one line per agent, only ever added to: several `mig` may run at once. */
  constructor(directory: string, server: URL, fleet: string, keeper: StateKeeper) {
    this.#directory = directory;
    this.#keeper = keeper;
    this.#file = join(directory, `agents-${sha256Hex(`${server.origin} ${fleet}`).slice(0, 32)}.jsonl`);
    for (const line of readLines(this.#file)) {
      const known = toKnownAgent(line);
      if (known !== undefined) this.#remember(known.name, known.id);
    }
  }

  /** Whether agents with different ids have gone by this name, before or now. */
  isShared(name: string): boolean {
    return this.#ids.get(name) instanceof Set;
  }

  /** Earlier ones and those of now, in the order in which they came. */
  idsOf(name: string): Iterable<AgentId> {
    const ids = this.#ids.get(name);
    return typeof ids === 'string' ? [ids] : (ids ?? []);
  }

  /** @returns whether this name answered before, and never with this id. */
  add(name: string, id: AgentId): boolean {
    const before = this.#ids.get(name);
    if (before === id || (before instanceof Set && before.has(id))) return false;
    this.#remember(name, id);
    const agent: KnownAgent = { name, id, since: toInstant(Date.now()) };
    this.#unsaved.push(`${JSON.stringify(agent)}\n`);
    if (this.#unsaved.length >= linesPerWrite) this.save();
    return before !== undefined;
  }

  save(): void {
    if (this.#unsaved.length === 0) return;
    const lines = this.#unsaved;
    this.#unsaved = [];
    this.#keeper.keep(this.#directory, () => appendFileSync(this.#file, lines.join(''), { mode: 0o600 }));
  }

  #remember(name: string, id: AgentId): void {
    const known = this.#ids.get(name);
    if (known === undefined) this.#ids.set(name, id);
    else if (known instanceof Set) known.add(id);
    else if (known !== id) this.#ids.set(name, new Set([known, id]));
  }
}
