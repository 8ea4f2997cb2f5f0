/** How far back the sources of an answer reach: nothing found in seven days is worth little where a log begins yesterday. */
import { toSecondsText } from '../kit/amount.ts';
import type { Reach } from '../kit/files/source-report.ts';
import type { LogSource } from './question/sources.ts';

export class Reaches {
  /** By source and log: that of all its files. */
  readonly #logs = new Map<LogSource, Map<string, Reach>>();

  /** @param log the path without what rotation adds. */
  add(source: LogSource, log: string, { fromMs, toMs }: Reach): void {
    const logs = this.#logs.get(source) ?? new Map<string, Reach>();
    const known = logs.get(log);
    logs.set(log, {
      fromMs: Math.min(fromMs, known?.fromMs ?? fromMs),
      toMs: Math.max(toMs, known?.toMs ?? toMs),
    });
    this.#logs.set(source, logs);
  }

  /** Undefined when all logs of the source begin before the asked time. No log is named. */
  describeShort(source: LogSource, sinceMs: number, nowMs: number): string | undefined {
    const begins = [...(this.#logs.get(source)?.values() ?? [])].map(({ fromMs }) => fromMs);
    const late = begins.filter((fromMs) => fromMs > sinceMs);
    if (late.length === 0) return undefined;
    const toAge = (ms: number): string => toSecondsText(Math.max(0, nowMs - ms) / 1000);
    const asked = `asked for ${toAge(sinceMs)}`;
    const latest = toAge(Math.max(...late));
    if (begins.length === 1) return `${source}: ${asked}, the source begins ${latest} ago`;
    return `${source}: ${asked}, ${late.length} of ${begins.length} logs begin later, the last one ${latest} ago`;
  }
}
