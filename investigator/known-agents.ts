/** The agents that have answered before, as ssh keeps the hosts that it has seen: a known name with a new id is said. */
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Instant, toInstant } from '../protocol/action.ts';
import { AgentId, sha256Hex } from '../protocol/identifiers.ts';

const KnownAgent = z.strictObject({ name: z.string().max(255), id: AgentId, since: Instant });
type KnownAgent = z.infer<typeof KnownAgent>;

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
  readonly #file: string;
  readonly #ids = new Map<string, Set<AgentId>>();
  readonly #added: KnownAgent[] = [];

  /** One file per fleet of a server, one line per agent, only ever added to: several `mig` may run at once. */
  constructor(directory: string, server: URL, fleet: string) {
    this.#directory = directory;
    this.#file = join(directory, `agents-${sha256Hex(`${server.origin} ${fleet}`).slice(0, 32)}.jsonl`);
    for (const line of readLines(this.#file)) {
      const known = toKnownAgent(line);
      if (known !== undefined) this.#remember(known.name, known.id);
    }
  }

  /** Ids by name, from before and from now. */
  get ids(): ReadonlyMap<string, ReadonlySet<AgentId>> {
    return this.#ids;
  }

  /** @returns the ids under which this name answered before, when this is none of them; else nothing. */
  add(name: string, id: AgentId): readonly AgentId[] {
    const before = [...(this.#ids.get(name) ?? [])];
    if (before.includes(id)) return [];
    this.#remember(name, id);
    this.#added.push({ name, id, since: toInstant(Date.now()) });
    return before;
  }

  /** A convenience: where it cannot be kept, the next command knows a little less. */
  save(): void {
    if (this.#added.length === 0) return;
    const lines = this.#added.splice(0).map((agent) => `${JSON.stringify(agent)}\n`);
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      appendFileSync(this.#file, lines.join(''), { mode: 0o600 });
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
    }
  }

  #remember(name: string, id: AgentId): void {
    const ids = this.#ids.get(name) ?? new Set();
    ids.add(id);
    this.#ids.set(name, ids);
  }
}
