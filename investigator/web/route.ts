/** What the page may ask of the process: a body with a schema, and an answer or a stream of them. */
import type * as z from 'zod';

export type Route =
  | { readonly kind: 'answer'; readonly schema: z.ZodType; readonly run: (body: unknown) => Promise<unknown> }
  | {
      readonly kind: 'stream';
      readonly schema: z.ZodType;
      /** @param signal aborted when the page has gone. */
      readonly run: (body: unknown, signal: AbortSignal) => AsyncIterable<unknown>;
    };

/** The body reaches `run` in the form of its schema. */
export function answer<T>(schema: z.ZodType<T>, run: (body: T) => Promise<unknown>): Route {
  return { kind: 'answer', schema, run: (body) => run(schema.parse(body)) };
}

export function stream<T>(schema: z.ZodType<T>, run: (body: T, signal: AbortSignal) => AsyncIterable<unknown>): Route {
  return { kind: 'stream', schema, run: (body, signal) => run(schema.parse(body), signal) };
}
