/** Waits for native work. */

interface Cancellable<Result> {
  readonly done: Promise<Result>;
  readonly cancel: () => void;
}

/** An abort cancels the work, which then resolves with a partial result. */
export async function awaitTask<Result>(work: Cancellable<Result>, signal: AbortSignal): Promise<Result> {
  const cancel = (): void => work.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return await work.done;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
