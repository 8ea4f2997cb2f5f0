/** Follows an action to its end, or until the investigator has seen enough; results are printed as they come. */
import type { Counts, Report } from '../../protocol/api.ts';
import type { Console } from '../output/console.ts';
import type { Printer } from '../output/printer.ts';
import { startProgress, toCountsLine } from '../output/progress.ts';
import type { Relay } from '../relay/relay.ts';
import type { Answers } from './answers.ts';

const noCounts: Counts = {
  queued: 0,
  sent: 0,
  running: 0,
  succeeded: 0,
  failed: 0,
  refused: 0,
  expired: 0,
  cancelled: 0,
};

/** Counts before the relay has told any: all are waiting, or, for one machine, all is done. */
export function countsOf(state: keyof Counts, count: number): Counts {
  return { ...noCounts, [state]: count };
}

export interface Followed {
  readonly counts: Counts;
  /** By ctrl+c; the action goes on without us. */
  readonly interrupted: boolean;
}

export interface Following {
  readonly answers: Answers;
  readonly printer: Printer;
  /** What is known of the commands before the relay tells more. */
  readonly counts: Counts;
}

/** @throws CodedError when the relay cannot be followed any more. */
export async function follow(
  relay: Relay,
  { answers, printer, counts: expected }: Following,
  console: Console,
  signal: AbortSignal,
): Promise<Followed> {
  let counts = expected;
  const progress = startProgress(counts, console);
  const add = (report: Report): void => {
    const answer = answers.add(report);
    if (answer?.kind === 'result') progress.around(() => printer.result(answer));
  };
  try {
    for await (const event of relay.follow(answers.action, signal)) {
      if (event.kind === 'report') add(event.report);
      if (event.kind !== 'progress') continue;
      counts = event.counts;
      progress.update(counts);
    }
    // The end may overtake a report on its way through the relay.
    if (counts.succeeded + counts.failed + counts.refused > answers.tally.reportedAgents)
      for await (const report of relay.listReports(answers.action, answers.lastSequence)) add(report);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    progress.finish();
  }
  console.note(toCountsLine(counts));
  return { counts, interrupted: signal.aborted };
}
