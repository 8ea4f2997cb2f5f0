/** What work has cost. On a busy machine the clock tells what others did, too; the processor's time tells what this process did. */
export class Stopwatch {
  readonly #startedMs = performance.now();
  readonly #startedCpu = process.cpuUsage();

  /** By the clock. */
  get elapsedMs(): number {
    return performance.now() - this.#startedMs;
  }

  /** Of all threads of this process. */
  get processorMs(): number {
    const { user, system } = process.cpuUsage(this.#startedCpu);
    return (user + system) / 1000;
  }
}
