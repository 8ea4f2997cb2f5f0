/** The relay's events while an action runs (server-sent events), across broken connections. */
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type * as z from 'zod';
import { Counts, Report } from '../../protocol/api/api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { maximumAgentMessageBytes } from '../../protocol/base/limits.ts';
import { parseJson } from '../../protocol/base/strict-json.ts';
import { ProblemError, type TransportCode } from './transport.ts';

export type RelayEvent =
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'progress'; readonly counts: Counts }
  /** The relay does not answer since then; it is asked again and again. */
  | { readonly kind: 'away'; readonly sinceMs: number }
  /** Behind `away`. */
  | { readonly kind: 'back' }
  /** Every command is final. */
  | { readonly kind: 'end' };

/** An agent's message in base64, and the report around it. */
const maximumEventBytes = Math.ceil((maximumAgentMessageBytes * 4) / 3) + 4096;
/** A report has seven values, the counts eight. */
const eventBounds = { maxBytes: maximumEventBytes, maxValues: 64, maxDepth: 4 };
/** The relay sends a comment every 15 s; three missed and the connection is taken for dead. */
const silenceMs = 45_000;
const firstPauseMs = 200;
const longestPauseMs = 5000;
/** A relay that is started anew is back by then. */
const tellAfterMs = 3000;
/** Without one event for so long after the connection broke, following is given up. */
const giveUpMs = 120_000;
/** Time after the action's end, in which late or early reports can be read on a slow line. */
const lateMs = 30 * 60_000;
/** A million agents report twice and change their state four times. */
const maximumEvents = 6_000_000;
/** Events that are no reports. An honest relay tells of progress when something has changed, and of many changes at once. */
const maximumNews = 500_000;

function misbehaved(message: string): CodedError<TransportCode> {
  return new CodedError('server-misbehaved', message, {
    hint: 'do not trust this server: an honest one ends its stream',
  });
}

function parseData<T>(message: EventSourceMessage, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseJson(Buffer.from(message.data, 'utf8'), eventBounds));
  if (!parsed.success)
    throw new CodedError<TransportCode>('server-misbehaved', `expected an event of the form of ${message.event}`, {
      cause: parsed.error,
    });
  return parsed.data;
}

function toEvent(message: EventSourceMessage): RelayEvent | undefined {
  switch (message.event) {
    case 'report':
      return { kind: 'report', report: parseData(message, Report) };
    case 'progress':
      return { kind: 'progress', counts: parseData(message, Counts) };
    case 'end':
      return { kind: 'end' };
    default:
      return undefined;
  }
}

/** An event of the relay has four; comments keep the connection open between two of them, one every 15 s. */
const maximumEventLines = 100_000;

function countLines(text: string): number {
  let lines = 0;
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) lines += 1;
  return lines;
}

/**
 * @param endMs when the relay must have come to an end, whatever it sends.
 * @throws CodedError<TransportCode>, server-unreachable when the connection breaks
 */
export async function* readEvents(
  response: IncomingMessage,
  endMs = Number.POSITIVE_INFINITY,
): AsyncGenerator<RelayEvent> {
  const messages: EventSourceMessage[] = [];
  const parser = createParser({
    maxBufferSize: maximumEventBytes,
    onEvent: (message) => messages.push(message),
    onError: (cause) => {
      if (cause.type !== 'max-buffer-size-exceeded') return;
      const message = `expected events of at most ${maximumEventBytes} bytes`;
      throw new CodedError<TransportCode>('server-misbehaved', message, { cause });
    },
  });
  response.setEncoding('utf8');
  response.setTimeout(silenceMs, () => response.destroy(new Error(`no sign of life for ${silenceMs / 1000} s`)));
  let isOver = false;
  /** Since the last whole event: lines with nothing in them cost memory, too. */
  let openBytes = 0;
  let openLines = 0;
  try {
    for await (const chunk of response.iterator({ destroyOnReturn: false }) as AsyncIterable<string>) {
      if (Date.now() > endMs) throw misbehaved('expected the events to end with their action');
      parser.feed(chunk);
      openBytes = messages.length > 0 ? 0 : openBytes + chunk.length;
      openLines = messages.length > 0 ? 0 : openLines + countLines(chunk);
      if (openBytes > maximumEventBytes || openLines > maximumEventLines)
        throw misbehaved(`expected events of at most ${maximumEventBytes} bytes and ${maximumEventLines} lines`);
      for (const message of messages.splice(0)) {
        const event = toEvent(message);
        isOver ||= event?.kind === 'end';
        if (event !== undefined) yield event;
      }
    }
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw new CodedError<TransportCode>('server-unreachable', 'expected the relay to go on with its events', { cause });
  } finally {
    // The relay ends the response behind its last event, and the connection is free for the next request.
    if (isOver) response.resume();
    else response.destroy();
  }
}

/** Counts what has come, so that no stream is endless. */
class EventBudget {
  #events = 0;
  #news = 0;

  /** @throws CodedError server-misbehaved */
  take(kind: RelayEvent['kind']): void {
    this.#events += 1;
    if (kind !== 'report') this.#news += 1;
    if (this.#events > maximumEvents) throw misbehaved(`expected at most ${maximumEvents} events of one action`);
    if (this.#news > maximumNews) throw misbehaved(`expected at most ${maximumNews} events beside reports`);
  }
}

/** A broken connection is worth another try; what the relay refused in words, or what it sent wrong, is not. */
function isPassing(error: unknown): boolean {
  if (error instanceof ProblemError) return error.status >= 500;
  return error instanceof CodedError && error.code === 'server-unreachable';
}

/**
 * Reports, each once and in the relay's order, and progress until `end`.
 * @param open opens the stream behind the report with this sequence.
 * @param expiresMs when the action ends, and soon afterwards the stream of an honest relay.
 * @throws CodedError when the stream is refused, cannot be had again, or the signal says stop (AbortError).
 */
export async function* followEvents(
  open: (afterSequence: number) => Promise<IncomingMessage>,
  expiresMs: number,
  signal: AbortSignal,
): AsyncGenerator<RelayEvent> {
  let sequence = 0;
  let pauseMs = firstPauseMs;
  let sinceMs: number | undefined;
  let isTold = false;
  const budget = new EventBudget();
  const endMs = Math.max(expiresMs, Date.now()) + lateMs;
  for (;;) {
    let broken: unknown;
    try {
      for await (const event of readEvents(await open(sequence), endMs)) {
        if (isTold) yield { kind: 'back' };
        pauseMs = firstPauseMs;
        sinceMs = undefined;
        isTold = false;
        budget.take(event.kind);
        if (event.kind === 'report') {
          if (event.report.sequence <= sequence) continue;
          sequence = event.report.sequence;
        }
        yield event;
        if (event.kind === 'end') return;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassing(error)) throw error;
      broken = error;
    }
    signal.throwIfAborted();
    sinceMs ??= Date.now();
    const awayMs = Date.now() - sinceMs;
    if (awayMs > giveUpMs)
      throw new CodedError<TransportCode>('server-unreachable', 'expected the relay to go on with its events', {
        cause: broken,
      });
    if (awayMs >= tellAfterMs && !isTold) {
      isTold = true;
      yield { kind: 'away', sinceMs };
    }
    await sleep(pauseMs, undefined, { signal });
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}
