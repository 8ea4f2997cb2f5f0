/** An answer of the process, asked again when the question changes; an answer to an earlier question is dropped. */
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../process.ts';

export type Asked<T> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown };

/** @param version asks again without showing that it waits. */
export function useAnswer<T>(path: string, body: unknown, version: unknown = 0): Asked<T> {
  const question = JSON.stringify([path, body]);
  const [asked, setAsked] = useState<{ readonly question: string; readonly answer: Asked<T> }>();
  useEffect(() => {
    const gone = new AbortController();
    ask<T>(path, body, gone.signal).then(
      (value) => setAsked({ question, answer: { kind: 'answer', value } }),
      (error: unknown) => {
        if (!gone.signal.aborted) setAsked({ question, answer: { kind: 'failed', error } });
      },
    );
    return () => gone.abort();
  }, [question, version]);
  return asked?.question === question ? asked.answer : { kind: 'waiting' };
}
