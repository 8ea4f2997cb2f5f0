/** `GET /actions/:id/events`: an action followed as it happens, as server-sent events. */
import * as z from 'zod';
import { type Counts, finalCommandStates } from '../../protocol/api/api.ts';
import type { ActionId } from '../../protocol/base/identifiers.ts';
import { type CountsRow, findCounts } from '../database/actions.ts';
import { listReports } from '../database/reports.ts';
import type { Db } from '../database/schema.ts';
import { ActionPath, toReport, unknownAction } from './actions.ts';
import type { Api, ApiContext } from './app.ts';
import { EventStream } from './event-stream.ts';
import { investigatorOf, isStillAllowed } from './guard.ts';
import { StreamPlaces } from './stream-places.ts';

const reportsPerRead = 200;
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

/** The progress that a follower has been told so far. */
interface Progress {
  sequence: number;
  counts: string;
  /** There may be reports beyond `sequence`. */
  reportsDue: boolean;
}

interface Following {
  readonly stream: EventStream;
  readonly db: Db;
  readonly told: Progress;
  readonly places: StreamPlaces;
  /** Closes the stream when its reader may not read any more: a session may end while it is followed. */
  readonly check: () => Promise<void>;
}

/** @returns whether there may be more. */
async function sendPage({ stream, db, told }: Following, action: ActionId): Promise<boolean> {
  const { reports, isMore } = await listReports(db, action, told.sequence, reportsPerRead);
  if (reports.length === 0) return false;
  await stream.send(
    ...reports.map((report) => ({
      event: 'report',
      data: JSON.stringify(toReport(report)),
      id: report.sequence,
    })),
  );
  if (stream.isClosed) return false;
  told.sequence = reports.at(-1)?.sequence ?? told.sequence;
  return isMore;
}

async function sendReports(following: Following, action: ActionId): Promise<void> {
  following.told.reportsDue = false;
  while (await following.places.withPage(() => sendPage(following, action)));
}

/** Sends what is new. Counts are read before reports, so that `end` never goes ahead of a report that it counts. */
async function sendNews(following: Following, row: CountsRow): Promise<'over' | 'open'> {
  const { stream, told } = following;
  const counts = toCounts(row);
  const over = isOver(counts);
  if (told.reportsDue || over) await sendReports(following, row.action);
  const text = JSON.stringify(counts);
  if (text !== told.counts) await stream.send({ event: 'progress', data: text });
  told.counts = text;
  if (!over) return 'open';
  await stream.send({ event: 'end', data: text });
  return 'over';
}

/** Sends until the action is over, the reader has gone or may not read any more, or the server stops. */
async function follow(following: Following, first: CountsRow): Promise<void> {
  const { stream, db, check } = following;
  const keepAlive = setInterval(() => {
    stream.comment();
    // The end of a session by its time is notified by nobody.
    void check();
  }, keepAliveMs);
  try {
    let row: CountsRow | undefined = first;
    while (row !== undefined && (await sendNews(following, row)) === 'open') {
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

export function addEventRoutes(app: Api, { database, access, followers, failures }: ApiContext): void {
  const { db, notifications } = database;
  const places = new StreamPlaces();
  app.get('/actions/:id/events', { schema: { params: ActionPath } }, async (request, reply) => {
    const { id } = request.params;
    const told: Progress = {
      sequence: LastEventId.parse(request.headers['last-event-id'] ?? 0),
      counts: '',
      reportsDue: true,
    };
    const giveBack = places.take(investigatorOf(request).name);
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
      giveBack();
    };
    followers.add(stop);
    try {
      const first = await findCounts(db, id);
      if (first === undefined) throw unknownAction(id);
      reply.hijack();
      stream.open();
      // The client comes back with the sequence that it has seen.
      follow({ stream, db, told, places, check }, first)
        .catch((error) => failures.report(error, 'following ended early', { action: id }))
        .finally(unsubscribe);
    } catch (error) {
      unsubscribe();
      throw error;
    }
  });
}
