/** Measures the cost of work in CPU time: on a busy machine wall time also includes the work of others. */
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
