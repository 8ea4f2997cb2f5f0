/** Tells which blocks of our code and its packages ran, by V8's coverage. */
import { type Profiler, Session } from 'node:inspector';

/** A range of a script's text. */
export interface Block {
  readonly script: string;
  readonly start: number;
  readonly end: number;
}

export function keyOf({ script, start, end }: Block): string {
  return `${script}:${start}:${end}`;
}

/** The fuzzer itself is left out. */
const ownFiles = /\/tools\/fuzz\/(?:coverage|fuzz|mutate|random)\.ts$/;

interface CountedBlock extends Block {
  readonly ran: boolean;
}

/** What ran between two readings. */
export class Reading {
  readonly #counted = new Map<string, CountedBlock[]>();

  constructor(scripts: readonly Profiler.ScriptCoverage[]) {
    for (const { scriptId, url, functions } of scripts)
      if (url.startsWith('file:') && !ownFiles.test(url))
        this.#counted.set(
          scriptId,
          functions.flatMap(({ ranges }) =>
            ranges.map(({ startOffset, endOffset, count }) => ({
              script: scriptId,
              start: startOffset,
              end: endOffset,
              ran: count > 0,
            })),
          ),
        );
  }

  /** V8 tells a block apart from its surroundings only when their counts differ. */
  blocks(): Block[] {
    return [...this.#counted.values()].flatMap((counted) => counted.filter(({ ran }) => ran));
  }

  /** Whether the innermost range around the block ran. The block may be merged with its surroundings here. */
  reaches({ script, start, end }: Block): boolean {
    let innermost: CountedBlock | undefined;
    for (const block of this.#counted.get(script) ?? [])
      if (block.start <= start && block.end >= end)
        if (innermost === undefined || block.end - block.start <= innermost.end - innermost.start) innermost = block;
    return innermost?.ran === true;
  }
}

export class Coverage {
  readonly #session = new Session();

  constructor() {
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** The session answers within the call. */
  #post<T>(method: string, parameters: object = {}): T | undefined {
    let answer: T | undefined;
    this.#session.post(method, parameters, (error: Error | null, result?: object) => {
      if (error !== null) throw error;
      answer = result as T;
    });
    return answer;
  }

  /** What ran since the last reading. */
  read(): Reading {
    const taken = this.#post<Profiler.TakePreciseCoverageReturnType>('Profiler.takePreciseCoverage');
    return new Reading(taken?.result ?? []);
  }

  close(): void {
    this.#session.disconnect();
  }
}
