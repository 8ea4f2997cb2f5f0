import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { it, mock } from 'node:test';
import fc from 'fast-check';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { countsOf } from '../commands/follow.ts';
import { followEvents, type RelayEvent, readEvents } from './event-stream.ts';
import type { TransportCode } from './transport.ts';

/** A response with these pieces of a body, that then ends or breaks. */
function respond(pieces: readonly Buffer[], breaks = false): IncomingMessage {
  const response = new IncomingMessage(new Socket());
  for (const piece of pieces) response.push(piece);
  if (breaks) setImmediate(() => response.destroy(new Error('the connection broke')));
  else response.push(null);
  return response;
}

async function collect(events: AsyncIterable<RelayEvent>): Promise<RelayEvent[]> {
  const collected: RelayEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}

const expiresMs = Date.now() + 60_000;
const counts = countsOf('running', 3);
const text = `: hello\n\nevent: progress\ndata: ${JSON.stringify(counts)}\n\nevent: new-kind\ndata: ü\n\nevent: end\ndata: {}\n\n`;

it('events are the same however the network cuts the stream', async () => {
  const bytes = Buffer.from(text, 'utf8');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const edges = [0, ...cuts.sort((left, right) => left - right), bytes.length];
      const pieces = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
      const events = await collect(readEvents(respond(pieces.filter((piece) => piece.length > 0))));
      assert.deepEqual(events, [{ kind: 'progress', counts }, { kind: 'end' }]);
    }),
  );
});

it('events of another form are the server’s fault, and not tried again', async () => {
  for (const data of ['{"queued": -', '{"queued": 1}', '[]']) {
    let opened = 0;
    const open = async (): Promise<IncomingMessage> => {
      opened += 1;
      return respond([Buffer.from(`event: progress\ndata: ${data}\n\n`)]);
    };
    await assert.rejects(collect(followEvents(open, expiresMs, new AbortController().signal)), {
      code: /^(server-misbehaved|json-malformed)$/,
    });
    assert.equal(opened, 1);
  }
});

it('a broken stream is opened again until its end', async () => {
  const responses = [respond([], true), respond([Buffer.from(text.slice(0, 20))]), respond([Buffer.from(text)])];
  const open = async (): Promise<IncomingMessage> => responses.shift() ?? assert.fail('opened once too often');
  const events = await collect(followEvents(open, expiresMs, new AbortController().signal));
  assert.deepEqual(events.at(-1), { kind: 'end' });
  assert.equal(responses.length, 0);
});

it('a stop signal ends the wait for the next try', async () => {
  const interruption = new AbortController();
  const open = async (): Promise<IncomingMessage> => {
    setImmediate(() => interruption.abort());
    return respond([], true);
  };
  await assert.rejects(collect(followEvents(open, expiresMs, interruption.signal)), { name: 'AbortError' });
});

it('a stream that goes on for long after its action is left', async () => {
  const stream = readEvents(respond([Buffer.from(text)]), Date.now() - 1);
  await assert.rejects(collect(stream), { code: 'server-misbehaved' });
});

it('an event of lines without end is left long before its size', async () => {
  const pieces = Array.from({ length: 100 }, () => Buffer.from('data\n'.repeat(2000)));
  const events = collect(readEvents(respond([Buffer.from('event: progress\n'), ...pieces])));
  await assert.rejects(events, { code: 'server-misbehaved' });
});

it('a relay that is away is said once, with the time, and so is that it is back', async () => {
  const broken = new CodedError<TransportCode>('server-unreachable', 'nothing listens there');
  const started = Date.now();
  let failures = 6;
  const open = async (): Promise<IncomingMessage> => {
    failures -= 1;
    if (failures >= 0) throw broken;
    return respond([Buffer.from(text)]);
  };
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: started });
  const events = collect(followEvents(open, expiresMs, new AbortController().signal));
  for (let step = 0; step < 400; step += 1) {
    await new Promise(setImmediate);
    mock.timers.tick(200);
  }
  mock.timers.reset();
  assert.deepEqual(await events, [
    { kind: 'away', sinceMs: started },
    { kind: 'back' },
    { kind: 'progress', counts },
    { kind: 'end' },
  ]);
});

it('a relay that breaks after a long silence is waited for, too', async () => {
  const { now } = Date;
  let laterMs = 0;
  mock.method(Date, 'now', () => now() + laterMs);
  const responses = [respond([Buffer.from(': hello\n\n')], true), respond([Buffer.from(text)])];
  const open = async (): Promise<IncomingMessage> => {
    laterMs = 600_000;
    return responses.shift() ?? assert.fail('opened once too often');
  };
  const events = await collect(followEvents(open, expiresMs + 3_600_000, new AbortController().signal));
  mock.restoreAll();
  assert.deepEqual(events.at(-1), { kind: 'end' });
});
