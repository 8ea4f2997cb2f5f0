/** What is still to come of an action, in words. */
import type { Counts } from '../../../protocol/api/api.ts';
import { plural } from '../../../protocol/base/plural.ts';
import { toRate } from '../../print/progress.ts';

/** `3 at work, 2 offline; 12.5/s, 40s left`; `nobody is waited for` at the end. */
export function describeLeft({ queued, sent, running }: Counts, done: number, elapsedMs: number): string {
  const parts = [
    running > 0 ? `${plural(running, 'agent is', 'agents are')} at work` : '',
    sent > 0 ? `${sent} asked` : '',
    queued > 0 ? `${queued} offline` : '',
  ].filter((part) => part !== '');
  if (parts.length === 0) return 'nobody is waited for';
  return `${parts.join(', ')}${toRate(done, done + running + sent, elapsedMs)}`;
}
