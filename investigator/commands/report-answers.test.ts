import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Fingerprint } from '../../protocol/base/identifiers.ts';
import { requireSetting } from '../cli/require-settings.ts';
import { readSettings } from '../cli/settings.ts';
import { StateKeeper } from '../cli/state-keeper.ts';
import { plainView } from '../cli/view-flags.ts';
import { ConnectionCache } from '../relay/connection-cache.ts';
import type { RelayEvent } from '../relay/event-stream.ts';
import { connectRelay } from '../relay/relay.ts';
import { recordConsole } from '../testing/recorded-console.ts';
import { ToyAgent } from '../testing/toy-agent.ts';
import { toyResult } from '../testing/toy-module.ts';
import { newToyQuestion } from '../testing/toy-question.ts';
import { countsOf } from './follow.ts';
import { reportAnswers } from './report-answers.ts';

const { action, signedBytes, digest, opener, modules } = newToyQuestion();
const trust = { version: 1, expires: '2026-03-31T07:00:00Z' };

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** What a first collection finds dead may hold more until its finalizers have run. */
async function retainedBytes(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    collectGarbage();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('thousands of answers', () => {
  // Id and name in hash tables; an answer of this test is several times as large.
  const mostPerAgent = 1024;
  const [warmUp, agents] = [1000, 3000];
  const words = Array.from({ length: 100 }, (_, index) => `${index}`.padStart(40, '-'));

  it('leave behind no more than who has answered, and how', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mig-answers-'));
    const settings = readSettings({
      MIG_SERVER: 'https://127.0.0.1:1',
      MIG_FLEET: 'production',
      MIG_KEY: 'A'.repeat(40),
      XDG_STATE_HOME: folder,
      XDG_CONFIG_HOME: folder,
    });
    const { signal } = new AbortController();
    const keeper = new StateKeeper(() => assert.fail('everything can be kept'));
    const connections = new ConnectionCache();
    const relay = connectRelay(
      { settings, connections, signal, keeper },
      connections.key(requireSetting(settings, 'key')),
    );
    let grownBytes = 0;
    relay.follow = async function* (): AsyncGenerator<RelayEvent> {
      for (let index = 0; index < agents; index += 1) {
        if (index === warmUp) grownBytes = -(await retainedBytes());
        const agent = new ToyAgent(`web${index}.example.org`);
        yield { kind: 'report', report: agent.result(action, digest, [toyResult(words)], { inside: { trust } }) };
      }
      grownBytes += await retainedBytes();
      yield { kind: 'progress', counts: countsOf('succeeded', agents) };
      yield { kind: 'end' };
    };
    let printed = 0;
    const console = { ...recordConsole(), data: () => (printed += 1) };
    const runNext = () => assert.fail('nothing comes next');
    const context = {
      console,
      settings: () => settings,
      modules,
      version: '1.2.3',
      connections,
      keeper,
      signal,
      runNext,
      servePage: () => assert.fail('nobody asked for a page'),
    };
    const subject = {
      action,
      signedBytes,
      signatures: [],
      opener,
      counts: countsOf('sent', agents),
    };
    try {
      const key = { fingerprint: Fingerprint.parse('A'.repeat(40)), exportPublic: async () => 'of no use here' };
      await reportAnswers(
        relay,
        subject,
        { format: 'ndjson', show: 'all', view: plainView, until: 'end', key },
        context,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
    assert.equal(printed, agents + 2);
    const perAgent = Math.round(grownBytes / (agents - warmUp));
    assert.ok(perAgent <= mostPerAgent, `${perAgent} bytes stay of each agent`);
  });
});
