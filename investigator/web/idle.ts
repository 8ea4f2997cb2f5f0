/** Waits until nobody uses the page any more. */

export interface IdleOptions {
  /** Time of the latest use. */
  readonly lastUsedMs: () => number;
  readonly idleMs: number;
  readonly checkMs: number;
}

/** Resolves when the page was not used for so long, or when the signal is aborted; leaves no timer behind. */
export async function untilIdle({ lastUsedMs, idleMs, checkMs }: IdleOptions, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const abort = (): void => resolve();
  const timer = setInterval(() => {
    if (Date.now() - lastUsedMs() > idleMs) resolve();
  }, checkMs);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await promise;
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', abort);
  }
}
