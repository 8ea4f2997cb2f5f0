/** Asking, following and coming back, against a relay and agents that behave, and some that do not. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Counts, Report } from '../../protocol/api/api.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import { ToyAgent } from '../testing/toy-agent.ts';
import { toyResult } from '../testing/toy-module.ts';
import { startToyPlatform, type ToyPlatform } from '../testing/toy-platform.ts';
import { countsOf } from './follow.ts';

let platform: ToyPlatform;

beforeEach(async () => {
  platform = await startToyPlatform();
});
afterEach(() => platform.close());

describe('mig <module>', () => {
  it('asks, follows and prints as users of the original know it', async () => {
    const { exitCode, lines } = await platform.mig('toy', '-word', 'wget', '-y');
    assert.equal(exitCode, exitCodes.found);
    const shape = lines.map((line) => line.replace(/[0-9a-f]{32}/, 'ID').replace(/\d+\.\d{3}s/, 'TIME'));
    assert.deepEqual(shape, [
      'err: 1 agent will be targeted. GO',
      'err: Following action ID ID',
      'out: web1 knows wget',
      'err: 1 / 1 done (100.00%)',
      'err: 100.0% done in TIME',
      'err: 1 sent, 1 done, 1 succeeded',
      'err: answered: 1 fully, 0 partly, 0 refused, 0 failed, 0 silent; examined 100 words',
      'err: 1 agent has found results',
    ]);
  });

  it('sends and goes with -nofollow, and the answers are had by mig show -wait', async () => {
    const { exitCode, lines } = await platform.mig('toy', '-word', 'wget', '-y', '-nofollow', '-f', 'json');
    assert.equal(exitCode, exitCodes.found);
    const [id = ''] = lines.flatMap((line) => /^out: ([0-9a-f]{32})$/.exec(line)?.[1] ?? []);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('out: ')),
      [`out: ${id}`],
    );
    assert.match(lines.join('\n'), new RegExp(`mig show ${id} -wait`));
    assert.ok(!platform.relay.requests.some((request) => request.endsWith('/events')));
    const shown = await platform.mig('show', id, '-wait');
    assert.equal(shown.exitCode, exitCodes.found);
    assert.ok(shown.lines.includes('out: web1 knows wget'));
    assert.ok(platform.relay.requests.includes('GET /actions/:id/events'));
    await assert.rejects(platform.mig('toy', '-t', 'local', '-word', 'wget', '-nofollow'), { code: 'usage' });
  });

  it('uses one connection', async () => {
    await platform.mig('toy', '-word', 'wget');
    assert.equal(platform.relay.connections(), 1);
  });

  it('goes on behind the last report when the connection breaks', async () => {
    platform.relay.script.breaks = 2;
    platform.relay.script.counts = countsOf('succeeded', 3);
    platform.relay.script.answer = (action, digest) =>
      Promise.all(['a', 'b', 'c'].map((name) => new ToyAgent(name).result(action, digest, [toyResult(['wget'])])));
    const { exitCode, lines } = await platform.mig('toy', '-word', 'wget');
    assert.equal(exitCode, exitCodes.found);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('out:')),
      ['out: a knows wget', 'out: b knows wget', 'out: c knows wget'],
    );
    assert.equal(platform.relay.requests.filter((request) => request === 'GET /actions/:id/events').length, 3);
  });

  it('notices an answer that the relay altered, and one that it withheld', async () => {
    platform.relay.script.counts = countsOf('succeeded', 3);
    platform.relay.script.answer = async (action, digest) => {
      const [one, two] = [new ToyAgent('a'), new ToyAgent('b')];
      const genuine = await one.result(action, digest, [toyResult(['wget'])]);
      return [genuine, { ...(await two.result(action, digest, [toyResult(['wget'])])), agent: one.id }];
    };
    const { exitCode, lines } = await platform.mig('toy', '-word', 'wget');
    assert.equal(exitCode, exitCodes.incomplete);
    assert.equal(lines.filter((line) => line.includes('not genuine: agent')).length, 1);
    assert.ok(lines.some((line) => line.includes('1 fully, 0 partly, 0 refused, 0 failed, 2 silent, 1 not genuine')));
  });

  it('prints one JSON document', async () => {
    const { lines } = await platform.mig('toy', '-word', 'wget', '-f', 'json', '-title', 'the title', '-seconds', '7');
    const document = JSON.parse(
      lines
        .filter((line) => line.startsWith('out: '))
        .map((line) => line.slice(5))
        .join('\n'),
    );
    assert.deepEqual(Object.keys(document), [
      'action',
      'counts',
      'answered',
      'verdict',
      'results',
      'refusals',
      'repeats',
      'notgenuine',
      'silent',
    ]);
    assert.equal(document.action.name, 'the title');
    assert.deepEqual(document.action.limits, { seconds: 7 });
    assert.equal(Date.parse(document.action.expireafter) - Date.parse(document.action.validfrom), 360_000);
    assert.deepEqual(document.results[0].operations[0].elements, ['wget']);
  });

  it('stops before anything is sent when no agent fits, or on ctrl+c in the countdown', async () => {
    platform.relay.script.agents = 0;
    await assert.rejects(platform.mig('toy', '-word', 'wget'), { code: 'no-agents' });
    platform.relay.script.agents = 2;
    const interruption = new AbortController();
    const asking = platform.migUntil(interruption.signal, true, 'toy', '-word', 'wget');
    const waiting = setInterval(() => {
      if (platform.relay.requests.filter((request) => request === 'POST /agents/search').length === 2)
        interruption.abort();
    }, 5);
    await assert.rejects(asking, { code: /^(cancelled|ABORT_ERR)$/ }).finally(() => clearInterval(waiting));
    assert.ok(!platform.relay.requests.includes('POST /actions'));
  });

  it('says on ctrl+c how to come back, and prints what it has', async () => {
    const interruption = new AbortController();
    let id = '';
    let report: Report | undefined;
    platform.relay.script.answer = async (action, digest) => {
      id = action.id;
      report = await new ToyAgent('web1').result(action, digest, [toyResult(['wget'])]);
      return [];
    };
    platform.relay.script.override = (request, response) => {
      if (!request.url?.endsWith('/events')) return false;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`event: report\ndata: ${JSON.stringify(report)}\n\n`);
      response.write(`event: progress\ndata: ${JSON.stringify(countsOf('running', 1))}\n\n`, () =>
        setImmediate(() => interruption.abort()),
      );
      return true;
    };
    const { exitCode, lines } = await platform.migUntil(interruption.signal, false, 'toy', '-word', 'wget');
    assert.equal(exitCode, exitCodes.interrupted);
    assert.ok(lines.at(-1)?.endsWith(`mig follow ${id}`));
  });
});

describe('mig show', () => {
  it('prints the answers again from what the relay kept', async () => {
    const { lines } = await platform.mig('toy', '-word', 'wget');
    const id = lines.join('\n').match(/[0-9a-f]{32}/)?.[0] ?? '';
    const shown = await platform.mig('show', id);
    assert.equal(shown.exitCode, exitCodes.found);
    assert.deepEqual(shown.lines.toSorted(), [lines[2], ...lines.slice(-3)].toSorted());
    const followed = await platform.mig('follow', id);
    assert.equal(followed.exitCode, exitCodes.found);
    assert.ok(followed.lines.includes('out: web1 knows wget'));
    await assert.rejects(platform.mig('show', '0'.repeat(32)), { code: 'not-found' });
  });
});

describe('mig cancel', () => {
  describe('says', () => {
    const cases: readonly (readonly [string, Partial<Counts>, RegExp])[] = [
      ['that it was over', { succeeded: 2 }, /^err: ID was over already: 2 sent, 2 done, 2 succeeded$/],
      ['that it is stopped', { succeeded: 1, cancelled: 1 }, /^err: ID is stopped: .* 1 cancelled$/],
      [
        'who may still answer',
        { running: 1, cancelled: 1 },
        /^err: stopping ID: .*\nerr: 1 agent may still be at work or answer: mig follow ID$/,
      ],
    ];
    for (const [name, counts, expected] of cases)
      it(name, async () => {
        const asked = await platform.mig('toy', '-word', 'wget', '-y');
        const id = /[0-9a-f]{32}/.exec(asked.lines.join('\n'))?.[0] ?? assert.fail();
        platform.relay.script.counts = { ...countsOf('queued', 0), ...counts };
        const { exitCode, lines } = await platform.mig('cancel', id);
        assert.equal(exitCode, exitCodes.found);
        assert.match(lines.join('\n').replaceAll(id, 'ID'), expected);
        assert.ok(platform.relay.requests.includes('POST /actions/:id/cancel'));
      });

    it('what is wrong', async () => {
      await assert.rejects(platform.mig('cancel', 'x'), { code: 'usage' });
      await assert.rejects(platform.mig('cancel', '0'.repeat(32)), { code: 'not-found' });
    });
  });
});
