/** How many streams of events one person may have open here, and how many pages of reports are in memory for all of them. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import { Semaphore } from '../../protocol/base/semaphore.ts';
import type { ApiCode } from './problems.ts';

/** Streams of one person on this instance: a console, some follows, and those that broke off unnoticed. */
const streamsPerPerson = 32;
/** A page has 8 MiB, or one report of the largest size; each is there several times while it is sent. */
const pagesAtOnce = 4;

export class StreamPlaces {
  readonly #open = new Map<string, number>();
  readonly #pages = new Semaphore(pagesAtOnce);

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
  withPage<Result>(run: () => Promise<Result>): Promise<Result> {
    return this.#pages.run(run);
  }
}
