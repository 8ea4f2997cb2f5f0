/** Follows an action to its end, or until the investigator has seen enough; results are printed as they come. */
import { type Counts, noCounts } from '../../protocol/api/api.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import type { Answers } from '../answers/answers.ts';
import { type Progress, toCountsLine } from '../print/progress.ts';
import type { RelayEvent } from '../relay/event-stream.ts';
import type { Relay } from '../relay/relay.ts';
import type { Console } from '../terminal/console.ts';

/** Counts before the relay has told any: all are waiting, or, for one machine, all is done. */
export function countsOf(state: keyof Counts, count: number): Counts {
  return { ...noCounts, [state]: count };
}

export interface FollowOutcome {
  readonly counts: Counts;
  /** Ctrl+c was pressed; the action goes on. */
  readonly interrupted: boolean;
  /** The error that ended it early. The answers until then have been printed. */
  readonly broken?: unknown;
}

export interface FollowOptions {
  readonly answers: Answers;
  /** Counts before the relay tells any. */
  readonly counts: Counts;
  readonly progress: Progress;
  /** The end of the action: a relay that goes on for long after it is left. */
  readonly expireafter: string;
}

/** Undefined for what says nothing of the relay itself. */
function describeRelay(event: RelayEvent): string | undefined {
  if (event.kind === 'back') return 'the relay is back';
  if (event.kind !== 'away') return undefined;
  return `the relay is away since ${toInstant(event.sinceMs)}; the action goes on, and so does this when it is back`;
}

export async function follow(
  relay: Relay,
  { answers, counts: expected, progress, expireafter }: FollowOptions,
  console: Console,
  signal: AbortSignal,
): Promise<FollowOutcome> {
  let counts = expected;
  let broken: unknown;
  try {
    for await (const event of relay.follow(answers.action, Date.parse(expireafter), signal)) {
      if (event.kind === 'report') await answers.add(event.report);
      const news = describeRelay(event);
      if (news !== undefined) progress.around(() => console.note(news));
      if (event.kind !== 'progress') continue;
      counts = event.counts;
      progress.update(counts);
    }
    // The end may overtake a report on its way through the relay.
    if (counts.succeeded + counts.failed + counts.refused > answers.tally.reportedAgents)
      for await (const report of relay.listReports(answers.action, answers.lastSequence)) await answers.add(report);
  } catch (error) {
    if (!signal.aborted) broken = error;
  }
  try {
    await answers.settled();
  } finally {
    progress.finish();
  }
  console.note(toCountsLine(counts));
  return { counts, interrupted: signal.aborted, ...(broken === undefined ? {} : { broken }) };
}
