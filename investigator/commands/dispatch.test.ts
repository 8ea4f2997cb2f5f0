/** The command as a whole, against a relay and agents that behave, and some that do not. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { generateKey } from 'openpgp';
import type { Counts, Report } from '../../protocol/api.ts';
import { exitCodes } from '../exit-codes.ts';
import { countsOf } from '../investigation/follow.ts';
import { readSettings } from '../settings.ts';
import { makeGpgHome } from '../testing/gpg-home.ts';
import { recordConsole } from '../testing/recorded-console.ts';
import { type ScriptedRelay, startScriptedRelay } from '../testing/scripted-relay.ts';
import { ToyAgent } from '../testing/toy-agent.ts';
import { toyModules, toyResult } from '../testing/toy-module.ts';
import { dispatch } from './dispatch.ts';

let folder: string;
let relay: ScriptedRelay;
let environment: Record<string, string>;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mig-command-'));
  const { privateKey } = await generateKey({ userIDs: [{ name: 'alice' }], format: 'armored' });
  writeFileSync(join(folder, 'alice.asc'), privateKey);
});
after(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  relay = await startScriptedRelay({
    agents: 1,
    counts: countsOf('succeeded', 1),
    answer: async (action, digest) => [await new ToyAgent('web1').result(action, digest, [toyResult(['wget'])])],
    unanswered: [],
    breaks: 0,
    refusesLogins: false,
    override: undefined,
  });
  writeFileSync(join(folder, 'ca.pem'), relay.ca);
  environment = {
    MIG_SERVER: relay.url,
    MIG_CA: join(folder, 'ca.pem'),
    MIG_FLEET: 'production',
    MIG_KEY: join(folder, 'alice.asc'),
    XDG_CONFIG_HOME: folder,
    XDG_STATE_HOME: folder,
  };
});
afterEach(() => relay.close());

async function mig(...argv: readonly string[]) {
  return migUntil(new AbortController().signal, false, ...argv);
}

async function migUntil(signal: AbortSignal, interactive: boolean, ...argv: readonly string[]) {
  const console = recordConsole(interactive);
  const context = { console, settings: () => readSettings(environment), modules: toyModules, signal };
  const exitCode = await dispatch(argv, '1.2.3', context);
  return { exitCode, lines: console.lines };
}

describe('mig <module>', () => {
  it('asks, follows and prints as users of the original know it', async () => {
    const { exitCode, lines } = await mig('toy', '-word', 'wget', '-y');
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

  describe('cancels an action, and says', () => {
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
        const asked = await mig('toy', '-word', 'wget', '-y');
        const id = /[0-9a-f]{32}/.exec(asked.lines.join('\n'))?.[0] ?? assert.fail();
        relay.script.counts = { ...countsOf('queued', 0), ...counts };
        const { exitCode, lines } = await mig('cancel', id);
        assert.equal(exitCode, exitCodes.found);
        assert.match(lines.join('\n').replaceAll(id, 'ID'), expected);
        assert.ok(relay.requests.includes('POST /actions/:id/cancel'));
      });

    it('what is wrong', async () => {
      await assert.rejects(mig('cancel', 'x'), { code: 'usage' });
      await assert.rejects(mig('cancel', '0'.repeat(32)), { code: 'not-found' });
    });
  });

  it('logs in once for many commands, and again when the server forgot', async () => {
    await mig('toy', '-word', 'wget');
    await mig('toy', '-word', 'wget');
    const logins = (): number => relay.requests.filter((request) => request === 'POST /sessions').length;
    assert.equal(logins(), 1);
    relay.forgetSessions();
    assert.equal((await mig('toy', '-word', 'wget')).exitCode, exitCodes.found);
    assert.equal(logins(), 2);
    const [file = ''] = readdirSync(join(folder, 'mig'));
    assert.equal(statSync(join(folder, 'mig', file)).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, 'mig')).mode & 0o777, 0o700);
  });

  it('opens no key while the session lasts, and logs in anew when the key file has changed', async () => {
    const passphrase = 'correct horse';
    const { privateKey } = await generateKey({ userIDs: [{ name: 'alice' }], format: 'armored', passphrase });
    const keyFile = join(folder, 'locked.asc');
    const passphraseFile = join(folder, 'passphrase');
    writeFileSync(keyFile, privateKey);
    writeFileSync(passphraseFile, passphrase);
    environment = { ...environment, MIG_KEY: keyFile, MIG_KEY_PASSPHRASE_FILE: passphraseFile };
    await mig('agents');
    rmSync(passphraseFile);
    await mig('agents');
    await assert.rejects(mig('toy', '-word', 'wget'), { code: 'passphrase-needed' });
    const other = await generateKey({ userIDs: [{ name: 'bob' }], format: 'armored' });
    writeFileSync(keyFile, other.privateKey);
    await mig('agents');
    assert.equal(relay.requests.filter((request) => request === 'POST /sessions').length, 2);
  });

  it('says what is wrong with the key when the server refuses a login', async () => {
    relay.script.refusesLogins = true;
    await assert.rejects(mig('toy', '-word', 'wget'), { code: 'login-refused' });
    const home = makeGpgHome();
    try {
      environment.MIG_KEY = home.newKey('weak', 'rsa1024', 'rsa1024');
      await assert.rejects(mig('toy', '-word', 'wget'), { code: 'key-weak' });
    } finally {
      home.remove();
    }
  });

  it('uses one connection', async () => {
    await mig('toy', '-word', 'wget');
    assert.equal(relay.connections(), 1);
  });

  it('goes on behind the last report when the connection breaks', async () => {
    relay.script.breaks = 2;
    relay.script.counts = countsOf('succeeded', 3);
    relay.script.answer = (action, digest) =>
      Promise.all(['a', 'b', 'c'].map((name) => new ToyAgent(name).result(action, digest, [toyResult(['wget'])])));
    const { exitCode, lines } = await mig('toy', '-word', 'wget');
    assert.equal(exitCode, exitCodes.found);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('out:')),
      ['out: a knows wget', 'out: b knows wget', 'out: c knows wget'],
    );
    assert.equal(relay.requests.filter((request) => request === 'GET /actions/:id/events').length, 3);
  });

  it('notices an answer that the relay altered, and one that it withheld', async () => {
    relay.script.counts = countsOf('succeeded', 3);
    relay.script.answer = async (action, digest) => {
      const [one, two] = [new ToyAgent('a'), new ToyAgent('b')];
      const genuine = await one.result(action, digest, [toyResult(['wget'])]);
      return [genuine, { ...(await two.result(action, digest, [toyResult(['wget'])])), agent: one.id }];
    };
    const { exitCode, lines } = await mig('toy', '-word', 'wget');
    assert.equal(exitCode, exitCodes.incomplete);
    assert.equal(lines.filter((line) => line.includes('not genuine: agent')).length, 1);
    assert.ok(lines.some((line) => line.includes('1 fully, 0 partly, 0 refused, 0 failed, 2 silent, 1 not genuine')));
  });

  it('prints one JSON document', async () => {
    const { lines } = await mig('toy', '-word', 'wget', '-f', 'json', '-title', 'the title', '-seconds', '7');
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
    relay.script.agents = 0;
    await assert.rejects(mig('toy', '-word', 'wget'), { code: 'no-agents' });
    relay.script.agents = 2;
    const interruption = new AbortController();
    const asking = migUntil(interruption.signal, true, 'toy', '-word', 'wget');
    const waiting = setInterval(() => {
      if (relay.requests.filter((request) => request === 'POST /agents/search').length === 2) interruption.abort();
    }, 5);
    await assert.rejects(asking, { code: /^(cancelled|ABORT_ERR)$/ }).finally(() => clearInterval(waiting));
    assert.ok(!relay.requests.includes('POST /actions'));
  });

  it('says on ctrl+c how to come back, and prints what it has', async () => {
    const interruption = new AbortController();
    let id = '';
    let report: Report | undefined;
    relay.script.answer = async (action, digest) => {
      id = action.id;
      report = await new ToyAgent('web1').result(action, digest, [toyResult(['wget'])]);
      return [];
    };
    relay.script.override = (request, response) => {
      if (!request.url?.endsWith('/events')) return false;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`event: report\ndata: ${JSON.stringify(report)}\n\n`);
      response.write(`event: progress\ndata: ${JSON.stringify(countsOf('running', 1))}\n\n`, () =>
        setImmediate(() => interruption.abort()),
      );
      return true;
    };
    const { exitCode, lines } = await migUntil(interruption.signal, false, 'toy', '-word', 'wget');
    assert.equal(exitCode, exitCodes.interrupted);
    assert.ok(lines.at(-1)?.endsWith(`mig follow ${id}`));
  });

  it('refuses a wrong question before it asks anyone', async () => {
    for (const [argv, code] of [
      [['toy'], 'usage'],
      [['toy', '-word', 'wget', 'extra'], 'usage'],
      [['toy', '-wrd', 'wget'], 'usage'],
      [['toy', '-word', 'wget', '-t', "name LIKE 'a' AND"], 'target-malformed'],
      [['tyo'], 'usage'],
      [[], 'usage'],
      [['show', 'xyz'], 'usage'],
      [['actions', '-limit', '0'], 'usage'],
    ] as const)
      await assert.rejects(mig(...argv), { code });
    assert.deepEqual(relay.requests, []);
  });
});

describe('mig show', () => {
  it('prints the answers again from what the relay kept', async () => {
    const { lines } = await mig('toy', '-word', 'wget');
    const id = lines.join('\n').match(/[0-9a-f]{32}/)?.[0] ?? '';
    const shown = await mig('show', id);
    assert.equal(shown.exitCode, exitCodes.found);
    assert.deepEqual(shown.lines.toSorted(), [lines[2], ...lines.slice(-3)].toSorted());
    const followed = await mig('follow', id);
    assert.equal(followed.exitCode, exitCodes.found);
    assert.ok(followed.lines.includes('out: web1 knows wget'));
    await assert.rejects(mig('show', '0'.repeat(32)), { code: 'not-found' });
  });
});

describe('a server that is none', () => {
  const misbehaviours: readonly (readonly [string, string, (response: import('node:http').ServerResponse) => void])[] =
    [
      ['sends no JSON', 'json-malformed', (response) => response.end('<html>')],
      ['sends other JSON', 'server-misbehaved', (response) => response.end('{"agents": 1}')],
      ['fails without a word', 'server-misbehaved', (response) => response.writeHead(502).end('Bad Gateway')],
      ['hangs up', 'server-unreachable', (response) => response.destroy()],
      [
        'names a problem',
        'too-many-requests',
        (response) =>
          response
            .writeHead(429)
            .end('{"type":"about:blank","title":"slow down","status":429,"code":"too-many-requests","more":1}'),
      ],
      [
        'sends JSON without end',
        'server-misbehaved',
        (response) => {
          const block = Buffer.alloc(1024 * 1024, '[');
          const more = (): void => {
            while (response.write(block));
            response.once('drain', more);
          };
          more();
        },
      ],
    ];
  for (const [name, code, misbehave] of misbehaviours)
    it(`is named: it ${name}`, async () => {
      relay.script.override = (_, response) => {
        misbehave(response);
        return true;
      };
      await assert.rejects(mig('agents'), { code });
    });

  it('is named: its certificate is of nobody we know', async () => {
    delete environment.MIG_CA;
    await assert.rejects(mig('agents'), { code: 'server-not-trusted' });
  });

  it('is named: nobody listens', async () => {
    environment.MIG_SERVER = 'https://127.0.0.1:1';
    await assert.rejects(mig('agents'), { code: 'server-unreachable' });
  });
});

it('help and version need no settings', async () => {
  environment = {};
  for (const argv of [
    ['help'],
    ['toy', 'help'],
    ['toy', '-h'],
    ['help', 'toy'],
    ['show', '-h'],
    ['show', 'x', '-h'],
    ['--help'],
    ['help', 'help'],
  ]) {
    const { exitCode, lines } = await mig(...argv);
    assert.equal(exitCode, exitCodes.found);
    assert.ok(lines.length > 0 && lines.every((line) => line.startsWith('out: ')));
  }
  assert.deepEqual((await mig('--version')).lines, ['out: 1.2.3']);
});
