/** Actions that pages follow: which stay open, and what their answers warn of. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ActionId, commandIdOf } from '../../../protocol/base/identifiers.ts';
import { eventually } from '../../../tools/lab/eventually.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { readSettings } from '../../cli/settings.ts';
import { StateKeeper } from '../../cli/state-keeper.ts';
import type { CommandContext } from '../../commands/context.ts';
import { countsOf } from '../../commands/follow.ts';
import { openRelay } from '../../commands/with-relay.ts';
import { ConnectionCache } from '../../relay/connection-cache.ts';
import { recordConsole } from '../../testing/recorded-console.ts';
import { ToyAgent } from '../../testing/toy-agent.ts';
import { toyModules, toyResult } from '../../testing/toy-module.ts';
import { startToyPlatform, type ToyPlatform } from '../../testing/toy-platform.ts';
import type { Case } from './case.ts';
import { CaseShelf } from './case-shelf.ts';

let platform: ToyPlatform;
let shelf: CaseShelf;
const ending = new AbortController();
const connections = new ConnectionCache();

before(async () => {
  platform = await startToyPlatform();
  const console = recordConsole(false);
  const context: CommandContext = {
    console,
    settings: () => readSettings(platform.environment),
    modules: toyModules,
    version: '1.2.3',
    connections,
    keeper: new StateKeeper(console.note),
    signal: ending.signal,
    runNext: async () => exitCodes.found,
    servePage: async () => exitCodes.found,
  };
  shelf = new CaseShelf(openRelay(context, context.settings()), context);
});
after(async () => {
  ending.abort();
  connections.close();
  await platform.close();
});

async function launch(): Promise<ActionId> {
  const { lines } = await platform.mig('toy', '-word', 'wget', '-nofollow', '-y');
  return ActionId.parse(lines.find((line) => line.startsWith('out: '))?.slice(5));
}

async function openWhole(id: ActionId): Promise<Case> {
  const opened = await shelf.open(id);
  await eventually(() => opened.news.phase !== 'open');
  return opened;
}

describe('an action on a page', () => {
  it('warns of a known name with a new id, and of an answer that is kept back, as the command line does', async () => {
    const [first, second, silent] = [new ToyAgent('web1'), new ToyAgent('web1'), new ToyAgent('db7')];
    platform.relay.script.answer = async (action, digest) => [first.result(action, digest, [toyResult(['wget'])])];
    await platform.mig('toy', '-word', 'wget');
    platform.relay.script.counts = countsOf('succeeded', 2);
    platform.relay.script.answer = async (action, digest) => {
      const heartbeat = silent.heartbeat(action, [commandIdOf(action.id, silent.id)]).message;
      platform.relay.script.unreported = [{ agent: silent.id, name: 'db7', state: 'succeeded', heartbeat }];
      return [second.result(action, digest, [toyResult(['wget'])])];
    };
    const { news } = await openWhole(await launch());
    assert.equal(news.phase, 'ended');
    const [newcomer = '', withheld = '', ...more] = news.warnings;
    assert.match(
      newcomer,
      new RegExp(`^web1 answers with a new id: ${second.id.slice(0, 12)}, before ${first.id.slice(0, 12)}\\.`),
    );
    assert.match(withheld, new RegExp(`^withheld: db7#${silent.id.slice(0, 12)} says in its own heartbeat`));
    assert.deepEqual(more, []);
    const { lines } = await platform.mig('toy', '-word', 'wget');
    assert.ok(!lines.some((line) => line.includes('new id')), 'the page has noted the new one');
    platform.relay.script.unreported = [];
  });

  it('stays open while a page follows it: of nine, the ninth is refused and no other is broken', async () => {
    const ids = await Promise.all(Array.from({ length: 9 }, launch));
    const last = ids.pop();
    assert.ok(last !== undefined);
    const opened = await Promise.all(ids.map(openWhole));
    const stops = opened.map((one) => one.onChange(() => {}));
    await assert.rejects(shelf.open(last), { code: 'too-many-open' });
    stops[3]?.();
    await openWhole(last);
    const again = await Promise.all(ids.filter((_, index) => index !== 3).map((id) => shelf.open(id)));
    assert.deepEqual(
      again.map((one) => opened.indexOf(one)),
      [0, 1, 2, 4, 5, 6, 7],
    );
    assert.ok(again.every(({ news }) => news.phase === 'ended'));
    for (const stop of stops) stop();
  });
});
