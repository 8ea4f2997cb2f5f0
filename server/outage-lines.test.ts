/** The log of a server whose services fail: one line at the beginning, one at the end, and no stack traces between. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { StatusResponse } from '../protocol/api/api.ts';
import { createServicesBench } from '../tests/relay/pairs.ts';
import { startProxy, type TcpProxy } from '../tests/relay/proxy.ts';
import { RunningProgram } from '../tools/lab/child.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { projectRoot } from '../tools/lab/lab.ts';

describe('the log of a server', async () => {
  const bench = await createServicesBench();
  const { databaseUrl, amqpUrl } = bench?.settings ?? {};
  if (bench === null || typeof databaseUrl !== 'string' || typeof amqpUrl !== 'string') return;
  let database: TcpProxy;
  let broker: TcpProxy;
  let server: RunningProgram;
  let api = '';
  let readyLine = '';

  before(async () => {
    [database, broker] = await Promise.all([startProxy(databaseUrl), startProxy(amqpUrl)]);
    server = new RunningProgram('the relay', process.execPath, [join(projectRoot, 'server', 'main.ts')], {
      PATH: process.env.PATH,
      MIG_STATE_DIR: join(bench.settings.stateDir),
      MIG_INVESTIGATORS_DIR: bench.settings.investigatorsDir,
      MIG_LISTEN: '127.0.0.1:0',
      MIG_TLS: 'off',
      MIG_DATABASE_URL: database.url,
      MIG_AMQP_URL: broker.url,
    });
    readyLine = await server.waitForLine((line) => line.includes('"event":"ready"'));
    api = `${JSON.parse(readyLine).api}/api/v1`;
  });
  after(async () => {
    await server?.stop();
    await database?.close();
    await broker?.close();
    await bench.clean();
  });

  interface Line {
    readonly level: string;
    readonly msg: string;
    readonly [field: string]: unknown;
  }
  /** Of warnings and errors, and of what is back; other lines are about requests. */
  const linesSince = (from: number): Line[] =>
    server.lines
      .slice(from)
      .map((line): Line => JSON.parse(line))
      .filter(({ msg }) => msg !== 'request');
  const isUp = async (part: 'database' | 'broker'): Promise<boolean> =>
    StatusResponse.parse(await (await fetch(`${api}/status`)).json())[part];

  test('ready names broker and database without their passwords, and how many people may log in', () => {
    const { broker: brokerUrl, database: shownDatabase, certificates, investigators } = JSON.parse(readyLine);
    assert.match(brokerUrl, /^amqps?:\/\/127\.0\.0\.1:\d+\/[^@?]+$/);
    assert.match(shownDatabase, /^postgres(ql)?:\/\/127\.0\.0\.1:\d+\/\w+$/);
    // Plain HTTP, and a broker of its own without TLS.
    assert.deepEqual([certificates, investigators], [{}, 1]);
  });

  for (const [part, lost, back] of [
    ['broker', 'broker cannot be reached', 'broker is back'],
    ['database', 'database cannot be reached', 'database is back'],
  ] as const)
    test(`tells an outage of the ${part} in two lines`, async () => {
      const from = server.lines.length;
      const proxy = part === 'broker' ? broker : database;
      proxy.cut();
      await eventually(async () => !(await isUp(part)));
      // Requests fail, and every part of the server tries again more than once.
      for (let second = 0; second < 3; second += 1) {
        await fetch(`${api}/sessions/challenges`, { method: 'POST', body: '{}' });
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
      proxy.restore();
      await server.waitForLine((line) => line.includes(back));
      await eventually(() => isUp(part));
      const told = linesSince(from);
      assert.deepEqual(
        told.map(({ level, msg }) => [level, msg]),
        [
          ['warn', lost],
          ['info', back],
        ],
      );
      const [first, last] = told;
      for (const field of ['reason', 'hint'])
        assert.match(String(first?.[field]), /^[^\n]{10,}$/, JSON.stringify(first));
      assert.ok(Number(last?.failures) > 3 && Number(last?.seconds) >= 2, JSON.stringify(last));
      assert.ok(!JSON.stringify(told).includes('stack'));
    });
});
