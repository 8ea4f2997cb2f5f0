/** `GET /actions/:id/events`: an action followed as it happens, as server-sent events. */
import * as z from 'zod';
import { type Counts, finalCommandStates } from '../../protocol/api/api.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';
import type { ActionId } from '../../protocol/base/identifiers.ts';
import { type CountsRow, findCounts } from '../database/actions.ts';
import { listReports } from '../database/reports.ts';
import type { Db } from '../database/schema.ts';
import { ActionPath, toReport, unknownAction } from './actions.ts';
import type { Api, ApiContext } from './app.ts';
import { EventStream } from './event-stream.ts';
import { isStillAllowed } from './guard.ts';

const reportsPerRead = 100;
/** A comment this often keeps proxies and clients from giving up. */
const keepAliveMs = 15_000;

const LastEventId = z.coerce.number().int().min(0).catch(0);

function toCounts(row: CountsRow): Counts {
  const { action: _, ...counts } = row;
  return counts;
}

function isOver(counts: Counts): boolean {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return finalCommandStates.reduce((sum, state) => sum + counts[state], 0) === total;
}

/** What a follower has been told so far. */
interface Progress {
  sequence: number;
  counts: string;
  /** There may be reports beyond `sequence`. */
  reportsDue: boolean;
}

async function sendReports(stream: EventStream, db: Db, action: ActionId, told: Progress): Promise<void> {
  told.reportsDue = false;
  for (;;) {
    const reports = await listReports(db, action, told.sequence, reportsPerRead);
    if (reports.length === 0) return;
    await stream.send(
      ...reports.map((report) => ({
        event: 'report',
        data: JSON.stringify(toReport(report)),
        id: report.sequence,
      })),
    );
    if (stream.isClosed) return;
    told.sequence = reports.at(-1)?.sequence ?? told.sequence;
  }
}

/** Sends what is new. Counts are read before reports, so that `end` never goes ahead of a report that it counts. */
async function sendNews(stream: EventStream, db: Db, row: CountsRow, told: Progress): Promise<'over' | 'open'> {
  const counts = toCounts(row);
  const over = isOver(counts);
  if (told.reportsDue || over) await sendReports(stream, db, row.action, told);
  const text = JSON.stringify(counts);
  if (text !== told.counts) await stream.send({ event: 'progress', data: text });
  told.counts = text;
  if (!over) return 'open';
  await stream.send({ event: 'end', data: text });
  return 'over';
}

interface Following {
  readonly stream: EventStream;
  readonly db: Db;
  readonly told: Progress;
  /** Closes the stream when its reader may not read any more: a session may end while it is followed. */
  readonly check: () => Promise<void>;
}

/** Sends until the action is over, the reader has gone or may not read any more, or the server stops. */
async function follow({ stream, db, told, check }: Following, first: CountsRow): Promise<void> {
  const keepAlive = setInterval(() => {
    stream.comment();
    // The end of a session by its time is notified by nobody.
    void check();
  }, keepAliveMs);
  try {
    let row: CountsRow | undefined = first;
    while (row !== undefined && (await sendNews(stream, db, row, told)) === 'open') {
      await stream.untilWoken();
      await check();
      if (stream.isClosed) return;
      row = await findCounts(db, first.action);
    }
  } finally {
    clearInterval(keepAlive);
    stream.close();
  }
}

export function addEventRoutes(app: Api, { database, access, followers, log }: ApiContext): void {
  const { db, notifications } = database;
  app.get('/actions/:id/events', { schema: { params: ActionPath } }, async (request, reply) => {
    const { id } = request.params;
    const told: Progress = {
      sequence: LastEventId.parse(request.headers['last-event-id'] ?? 0),
      counts: '',
      reportsDue: true,
    };
    const stream = new EventStream(reply.raw);
    const stop = (): void => stream.close();
    const check = async (): Promise<void> => {
      // Whoever cannot be asked for now is let in again when the client comes back.
      if (!(await isStillAllowed(request, access).catch(() => false))) stop();
    };
    // Before the first read, so that nothing falls in between.
    const subscriptions = [
      notifications.on('mig_access', () => void check()),
      notifications.on('mig_action', (action) => {
        if (action === null || action === id) stream.wake();
      }),
      notifications.on('mig_report', (action) => {
        if (action !== null && action !== id) return;
        told.reportsDue = true;
        stream.wake();
      }),
    ];
    const unsubscribe = (): void => {
      for (const end of subscriptions) end();
      followers.delete(stop);
    };
    followers.add(stop);
    try {
      const first = await findCounts(db, id);
      if (first === undefined) throw unknownAction(id);
      reply.hijack();
      stream.open();
      // The client comes back with the sequence that it has seen.
      follow({ stream, db, told, check }, first)
        .catch((error) => log.warn({ action: id, reason: toMessage(error) }, 'following ended early'))
        .finally(unsubscribe);
    } catch (error) {
      unsubscribe();
      throw error;
    }
  });
}
