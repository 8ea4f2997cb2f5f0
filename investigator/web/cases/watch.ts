/** News of one action for a page: at once, and then whenever it has changed, a few times a second at most. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CaseNews } from '../messages.ts';
import type { Case } from './case.ts';

const pauseMs = 200;
/** Without news, so that the clock of what is left goes on, and a page that has gone is noticed. */
const quietMs = 5000;

export async function* watchCase(opened: Case, signal: AbortSignal): AsyncGenerator<CaseNews> {
  let wake: (() => void) | undefined;
  let hasChanged = true;
  const stop = opened.onChange(() => {
    hasChanged = true;
    wake?.();
  });
  signal.addEventListener('abort', () => wake?.(), { once: true });
  try {
    while (!signal.aborted) {
      if (!hasChanged)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, quietMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      hasChanged = false;
      const { news } = opened;
      yield news;
      if (news.phase !== 'open') return;
      await sleep(pauseMs);
    }
  } finally {
    stop();
  }
}
