/** Lets the event loop run in long work, so that a stop is heard. */
import { setImmediate } from 'node:timers/promises';

/** A run must end within 100 ms of a stop. */
const listenMs = 25;

export class Breather {
  #listenedMs = performance.now();

  /** Asked before each `breathe`, which costs a turn of the loop. */
  get isDue(): boolean {
    return performance.now() - this.#listenedMs > listenMs;
  }

  async breathe(): Promise<void> {
    await setImmediate();
    this.#listenedMs = performance.now();
  }
}
