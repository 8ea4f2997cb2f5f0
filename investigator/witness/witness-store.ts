/** Snapshots of one relay's agents, kept in 256 files by the beginning of the agent's id. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { makeFolder } from '../../host/make-folder.ts';
import { replaceFile } from '../../host/replace-file.ts';
import { type AgentId, sha256Hex } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { boundsOf, parseJson } from '../../protocol/base/strict-json.ts';
import type { StateKeeper } from '../cli/state-keeper.ts';
import { AgentSnapshot } from './agent-snapshot.ts';

const Shard = z.array(AgentSnapshot);
const maximumShardBytes = 64 * 1024 * 1024;
/** Snapshots that fit into that. A relay that invents agents drives out none that was seen before. */
const maximumShardSnapshots = 100_000;
const hexBytes = Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, '0'));

export class WitnessStore {
  readonly #stateDirectory: string;
  readonly #directory: string;
  readonly #keeper: StateKeeper;

  constructor(stateDirectory: string, server: URL, keeper: StateKeeper) {
    this.#stateDirectory = stateDirectory;
    this.#keeper = keeper;
    this.#directory = join(stateDirectory, `witness-${sha256Hex(server.origin).slice(0, 32)}`);
  }

  /** An unreadable file counts as empty. */
  #read(shard: string): AgentSnapshot[] {
    try {
      const value = parseJson(readFileSync(join(this.#directory, `${shard}.json`)), boundsOf(maximumShardBytes));
      return Shard.safeParse(value).data ?? [];
    } catch {
      return [];
    }
  }

  #write(shard: string, snapshots: readonly AgentSnapshot[]): void {
    this.#keeper.keep(this.#stateDirectory, () => {
      makeFolder(this.#directory, 0o700);
      replaceFile(join(this.#directory, `${shard}.json`), JSON.stringify(snapshots));
    });
  }

  #update(ids: Iterable<AgentId>, change: (known: Map<AgentId, AgentSnapshot>, ids: readonly AgentId[]) => void): void {
    const byShard = new Map<string, AgentId[]>();
    for (const id of ids) {
      const shard = byShard.get(id.slice(0, 2));
      if (shard === undefined) byShard.set(id.slice(0, 2), [id]);
      else shard.push(id);
    }
    for (const [shard, some] of byShard) {
      const known = new Map(this.#read(shard).map((snapshot) => [snapshot.id, snapshot]));
      change(known, some);
      this.#write(shard, [...known.values()]);
    }
  }

  readAll(): Map<AgentId, AgentSnapshot> {
    return new Map(hexBytes.flatMap((shard) => this.#read(shard)).map((snapshot) => [snapshot.id, snapshot]));
  }

  put(snapshots: readonly AgentSnapshot[]): void {
    const byId = new Map(snapshots.map((snapshot) => [snapshot.id, snapshot]));
    this.#update(byId.keys(), (known, ids) => {
      for (const id of ids) {
        const snapshot = byId.get(id);
        const hasRoom = known.has(id) || known.size < maximumShardSnapshots;
        if (snapshot !== undefined && hasRoom) known.set(id, snapshot);
      }
    });
  }

  /** Answers of these agents were opened just now; those whose heartbeat was never seen are left alone. */
  hear(ids: Iterable<AgentId>, nowMs: number): void {
    this.#update(ids, (known, some) => {
      for (const id of some) {
        const snapshot = known.get(id);
        if (snapshot !== undefined) known.set(id, { ...snapshot, heard: toInstant(nowMs) });
      }
    });
  }
}
