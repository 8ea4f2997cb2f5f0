/** Questions from files, rehearsals, targets that stand for others, and whom one knows: whole commands. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { AgentId } from '../../protocol/base/identifiers.ts';
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

const question = {
  syntaxversion: 3,
  name: 'who has it?',
  description: { author: 'A Person' },
  threat: { level: 'high' },
  target: "tags->>'team' = 'web'",
  operations: [
    { module: 'toy', parameters: { words: ['wget'] } },
    { module: 'toy', parameters: { words: ['curl'] } },
  ],
  limits: { seconds: 9 },
};

function jsonOf(lines: readonly string[]) {
  const text = lines.filter((line) => line.startsWith('out: ')).map((line) => line.slice('out: '.length));
  return JSON.parse(text.join('\n'));
}

describe('mig run', () => {
  it('asks what the file says, all of its operations', async () => {
    const file = platform.write('q.json', JSON.stringify(question));
    for (const argv of [
      ['run', file, '-f', 'json'],
      ['-i', file, '-f', 'json'],
    ]) {
      const { exitCode, lines } = await platform.mig(...argv);
      assert.equal(exitCode, exitCodes.found);
      const { action, results } = jsonOf(lines);
      const { name, description, threat, target, operations, limits } = action;
      assert.deepEqual({ syntaxversion: 3, name, description, threat, target, operations, limits }, question);
      assert.equal(results[0].operations.length, 2);
    }
  });

  it('lets flags win over the file', async () => {
    const file = platform.write('q.json', JSON.stringify(question));
    const { lines } = await platform.mig('run', file, '-f', 'json', '-t', 'all', '-title', 'mine', '-seconds', '3');
    const { action } = jsonOf(lines);
    assert.deepEqual([action.target, action.name, action.limits.seconds], ['all', 'mine', 3]);
  });

  it('asks again what -f json has shown', async () => {
    const { lines } = await platform.mig('toy', '-word', 'wget', '-f', 'json');
    const file = platform.write('again.json', JSON.stringify(jsonOf(lines).action));
    assert.equal((await platform.mig('run', file)).exitCode, exitCodes.found);
  });

  it('refuses a file for another environment, one that is not there, and two', async () => {
    const file = platform.write('q.json', JSON.stringify({ ...question, fleet: 'staging' }));
    await assert.rejects(platform.mig('run', file), { code: 'other-fleet' });
    for (const [path, why] of [
      [join(platform.folder, 'absent'), /got no such file or folder at /],
      [platform.folder, /got a folder at /],
    ] as const)
      await assert.rejects(platform.mig('run', path), { code: 'file-unreadable', message: why });
    await assert.rejects(platform.mig('run', file, file), { code: 'usage' });
    assert.deepEqual(platform.relay.requests, []);
  });
});

describe('mig new', () => {
  it('says before its questions that the file cannot be written', async () => {
    const file = platform.write('there.json', '{}');
    await assert.rejects(platform.mig('new', file), { code: 'file-exists' });
    const absent = join(platform.folder, 'absent', 'q.json');
    await assert.rejects(platform.mig('new', absent), {
      code: 'file-unwritable',
      message: /got no such file or folder/,
    });
    await assert.rejects(platform.mig('new', join(platform.folder, 'q.json')), { code: 'no-terminal' });
  });
});

describe('a rehearsal', () => {
  it('prints a file that mig run reads, and asks nobody', async () => {
    const { exitCode, lines } = await platform.mig('toy', '-word', 'wget', '-print');
    assert.equal(exitCode, exitCodes.found);
    assert.equal(jsonOf(lines).target, 'online');
    assert.deepEqual(platform.relay.requests, []);
  });

  it('counts whom it would reach by system and tag', async () => {
    const now = '2026-01-31T07:00:00Z';
    const agent = (digit: string, os: string, team: string) => ({
      id: digit.repeat(64),
      name: `web${digit}`,
      queueloc: 'x',
      mode: 'daemon',
      version: '1',
      environment: { os },
      tags: { team },
      status: 'online',
      starttime: now,
      heartbeattime: now,
      clones: [],
    });
    const agents = [agent('1', 'linux', 'web'), agent('2', 'linux', 'db'), agent('3', 'darwin', 'web')];
    platform.relay.script.override = (request, response) => {
      if (!request.url?.includes('/agents')) return false;
      response.writeHead(200).end(JSON.stringify({ agents, total: 3, next: null }));
      return true;
    };
    const { lines } = await platform.mig('toy', '-word', 'wget', '-dry-run', '-f', 'json');
    assert.deepEqual(jsonOf(lines).agents, {
      total: 3,
      os: { linux: 2, darwin: 1 },
      tags: { 'team=web': 2, 'team=db': 1 },
    });
    assert.ok(!platform.relay.requests.includes('POST /actions'));
  });

  it('is one at a time', () =>
    assert.rejects(platform.mig('toy', '-word', 'x', '-print', '-dry-run'), { code: 'usage' }));
});

describe('a target', () => {
  it('may be a word of the config file', async () => {
    mkdirSync(join(platform.folder, 'mig'), { recursive: true });
    platform.write('mig/config.json', JSON.stringify({ targets: { webservers: "tags->>'team' = 'web'" } }));
    const { lines } = await platform.mig('toy', '-word', 'wget', '-t', 'webservers', '-f', 'json');
    assert.equal(jsonOf(lines).action.target, "tags->>'team' = 'web'");
    await assert.rejects(platform.mig('toy', '-word', 'wget', '-t', 'webserver'), {
      code: 'target-unknown',
      hint: 'did you mean webservers?',
    });
    await assert.rejects(platform.mig('toy', '-word', 'wget', '-t', 'db1.example.org'), {
      code: 'target-unknown',
      hint: /name = 'db1.example.org'/,
    });
    await assert.rejects(platform.mig('toy', '-word', 'wget', '-t', 'database7'), {
      code: 'target-unknown',
      hint: /^for the agent of that name: -t "name = 'database7'"/,
    });
    assert.equal((await platform.mig('agents', '-t', 'webservers')).exitCode, exitCodes.nothingFound);
    assert.ok(platform.relay.requests.includes('POST /agents/search'));
  });

  it('may be the agents that found something before, or nothing, and of those some', async () => {
    const finders = Array.from({ length: 150 }, (_, index) => new ToyAgent(`web${index}`));
    const without = new ToyAgent('db1');
    platform.relay.script.counts = countsOf('succeeded', finders.length + 1);
    platform.relay.script.answer = async (action, digest) => [
      await without.result(action, digest, [toyResult([])]),
      ...(await Promise.all(finders.map((agent) => agent.result(action, digest, [toyResult(['wget'])])))),
    ];
    const { id } = jsonOf((await platform.mig('toy', '-word', 'wget', '-f', 'json')).lines).action;
    const found = `id IN (${finders.map((agent) => `'${agent.id}'`).join(', ')})`;
    const targets: readonly (readonly [given: string, target: string])[] = [
      [`found:${id}`, found],
      [`notfound:${id}`, `id IN ('${without.id}')`],
      // A condition with OR must not let in anybody else.
      [`found:${id} and name LIKE 'web%' OR true`, `${found} AND (name LIKE 'web%' OR true)`],
    ];
    for (const [given, target] of targets) {
      const { lines } = await platform.mig('toy', '-word', 'wget', '-t', given, '-print');
      assert.equal(jsonOf(lines).target, target);
    }
    for (const given of ['found:xyz', 'found:', `found:${id} OR true`, `notfound:${id} AND`])
      await assert.rejects(platform.mig('toy', '-word', 'wget', '-t', given), { code: 'target-unknown' });
    const broken = `found:${id} AND (name = 'web1'`;
    await assert.rejects(platform.mig('toy', '-word', 'wget', '-t', broken), { code: 'target-malformed' });
  });
});

describe('agents that are known', () => {
  it('are told from a newcomer under the same name, once by a note and from then on by their ids', async () => {
    const agents = [new ToyAgent('web1'), new ToyAgent('web1')];
    const answers: string[][] = [];
    for (const agent of [agents[0], agents[0], agents[1], agents[0]]) {
      platform.relay.script.answer = async (action, digest) => [
        ...(agent === undefined ? [] : [await agent.result(action, digest, [toyResult(['wget'])])]),
      ];
      answers.push((await platform.mig('toy', '-word', 'wget')).lines);
    }
    const notes = answers.map((lines) => lines.filter((line) => line.includes('answers with a new id')).length);
    assert.deepEqual(notes, [0, 0, 1, 0]);
    const labels = answers.map((lines) => /^out: (\S+)/m.exec(lines.join('\n'))?.[1]);
    const idOf = (index: number): string => agents[index]?.id.slice(0, 12) ?? '';
    assert.deepEqual(labels, ['web1', 'web1', `web1#${idOf(1)}`, `web1#${idOf(0)}`]);
  });

  it('are counted when many of their names answer with new ids at once', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `host${index}`);
    const answers: string[] = [];
    platform.relay.script.counts = countsOf('succeeded', names.length);
    for (const _ of ['first', 'again']) {
      platform.relay.script.answer = async (action, digest) =>
        names.map((name) => new ToyAgent(name).result(action, digest, [toyResult(['wget'])]));
      answers.push(
        (await platform.mig('toy', '-word', 'wget')).lines.filter((line) => line.includes('new id')).join('\n'),
      );
    }
    assert.equal(answers[0], '');
    assert.equal(answers[1]?.match(/ answers with a new id: /g)?.length, 1);
    assert.match(
      answers[1] ?? '',
      /^err: 24 more known names answer with a new id: host\S+, host\S+, host\S+ and 21 more\./m,
    );
  });

  it('are named when they stay silent', async () => {
    platform.relay.script.counts = { ...countsOf('succeeded', 1), expired: 1 };
    const agent = AgentId.parse('f'.repeat(64));
    platform.relay.script.unreported = [{ agent, name: 'db1\u001b[2J', state: 'expired', heartbeat: null }];
    const { exitCode, lines } = await platform.mig('toy', '-word', 'wget');
    assert.equal(exitCode, exitCodes.incomplete);
    assert.ok(lines.includes('err: silent, as the server names them: db1\\u{1b}[2J#ffffffffffff'));
  });
});

it('prints one line of JSON for each answer, and a row for each finding', async () => {
  const lines = (await platform.mig('toy', '-word', 'wget', '-f', 'ndjson')).lines.filter((line) =>
    line.startsWith('out'),
  );
  assert.deepEqual(
    lines.map((line) => JSON.parse(line.slice('out: '.length)).kind),
    ['action', 'result', 'end'],
  );
  const rows = (await platform.mig('toy', '-word', 'wget', '-f', 'csv')).lines.filter((line) => line.startsWith('out'));
  assert.equal(rows.length, 2);
});

it('groups what was found, and asks nobody when a column is wrong', async () => {
  const { lines } = await platform.mig('toy', '-word', 'wget', '-stack', 'word');
  const out = lines.filter((line) => line.startsWith('out: '));
  assert.deepEqual(
    out.map((line) => line.slice('out: '.length).split(/ {2,}/).toSpliced(2, 1)),
    [
      ['hosts', 'findings', 'word'],
      ['1', '1', 'wget'],
    ],
  );
  const asked = platform.relay.requests.length;
  await assert.rejects(platform.mig('toy', '-word', 'wget', '-stack', 'wrod'), {
    code: 'usage',
    hint: /^did you mean word\?/,
  });
  assert.equal(platform.relay.requests.length, asked);
});
