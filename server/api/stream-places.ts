/** How many streams of events one person may have open here, and how many pages of reports are in memory for all of them. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { ApiCode } from './problems.ts';

/** Streams of one person on this instance: a console, some follows, and those that broke off unnoticed. */
const streamsPerPerson = 32;
/** A page has 8 MiB, or one report of the largest size; each is there several times while it is sent. */
const pagesAtOnce = 4;

export class StreamPlaces {
  readonly #open = new Map<string, number>();
  #freePages = pagesAtOnce;
  readonly #waiting: (() => void)[] = [];

  /** @returns what gives the place back. @throws CodedError<ApiCode> too-many-requests */
  take(person: string): () => void {
    const open = this.#open.get(person) ?? 0;
    if (open >= streamsPerPerson)
      throw new CodedError<ApiCode>(
        'too-many-requests',
        `expected at most ${streamsPerPerson} open streams, got another`,
        {
          hint: 'close some: each mig follow and mig console holds one',
        },
      );
    this.#open.set(person, open + 1);
    return () => {
      const left = (this.#open.get(person) ?? 1) - 1;
      if (left === 0) this.#open.delete(person);
      else this.#open.set(person, left);
    };
  }

  /** Runs what holds a page in memory, in its turn. */
  async withPage<Result>(run: () => Promise<Result>): Promise<Result> {
    if (this.#freePages > 0) this.#freePages -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#freePages += 1;
      else next();
    }
  }
}
