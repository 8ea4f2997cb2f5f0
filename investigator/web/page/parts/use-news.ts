/** News of the open action, as long as a screen of it is shown; the title of the tab counts who found something. */
import { useEffect, useState } from 'preact/hooks';
import type { CaseNews } from '../../messages.ts';
import { listen } from '../process.ts';

export interface WatchedCase {
  readonly news: CaseNews | undefined;
  readonly error: unknown;
}

export function useNews(id: string): WatchedCase {
  const [watched, setWatched] = useState<WatchedCase>({ news: undefined, error: undefined });
  useEffect(() => {
    const gone = new AbortController();
    const watch = async (): Promise<void> => {
      for await (const news of listen<CaseNews>('/api/watch', { id }, gone.signal)) {
        setWatched({ news, error: undefined });
        document.title = news.found > 0 ? `(${news.found}) mig` : 'mig';
      }
    };
    watch().catch((error: unknown) => {
      if (!gone.signal.aborted) setWatched(({ news }) => ({ news, error }));
    });
    return () => {
      gone.abort();
      document.title = 'mig';
    };
  }, [id]);
  return watched.news?.id === id || watched.news === undefined ? watched : { news: undefined, error: watched.error };
}
