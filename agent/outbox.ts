/** Signed results, by action, that the broker has not confirmed yet; they survive a restart and are sent again until they are. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ActionId } from '../protocol/identifiers.ts';
import { writeDurably } from './durable-file.ts';

const suffix = '.message';

export class Outbox {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = join(directory, 'outbox');
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    // What a crash left half-written is not an answer: its action is answered as interrupted.
    for (const name of readdirSync(this.#directory)) if (!name.endsWith(suffix)) rmSync(join(this.#directory, name));
  }

  #pathOf(action: ActionId): string {
    return join(this.#directory, `${action}${suffix}`);
  }

  /** On the disk when this returns. */
  put(action: ActionId, message: Uint8Array): void {
    writeDurably(this.#pathOf(action), message);
  }

  get(action: ActionId): Buffer | null {
    const path = this.#pathOf(action);
    return existsSync(path) ? readFileSync(path) : null;
  }

  delete(action: ActionId): void {
    rmSync(this.#pathOf(action), { force: true });
  }

  actions(): ActionId[] {
    const names = readdirSync(this.#directory).filter((name) => name.endsWith(suffix));
    return names.map((name) => ActionId.parse(name.slice(0, -suffix.length)));
  }
}
