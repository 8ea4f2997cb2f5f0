import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { askBelow, makeSystem } from '../testing/system.ts';

const state = JSON.stringify({
  data: {
    auth: {},
    snaps: {
      core20: {
        type: 'base',
        sequence: [{ name: 'core20', revision: '2318' }],
        active: true,
        current: '2318',
        channel: 'latest/stable',
      },
      hello: { type: 'app', active: true, current: 'x1' },
      old: { type: 'app', current: '7' },
    },
  },
  changes: {},
});

describe('the state of snapd', () => {
  it('has each snap, whose version is in its own file', async (context) => {
    const root = makeSystem(context, {
      'var/lib/snapd/state.json': state,
      'snap/core20/2318/meta/snap.yaml': "name: core20\nversion: '20240416'\ntype: base\n",
      'var/lib/snapd/snap/hello/x1/meta/snap.yaml': 'version: 2.10\nname: hello\n',
    });
    const { hits, receipt } = await askBelow(root).ask({ types: ['snap'] });
    assert.deepEqual(hits, [
      { name: 'core20', version: '20240416', type: 'snap', status: 'installed', stream: 'latest/stable' },
      { name: 'hello', version: '2.10', type: 'snap', status: 'installed' },
      { name: 'old', version: null, type: 'snap', status: 'installed', state: 'disabled' },
    ]);
    assert.deepEqual(receipt.sources, [
      { kind: 'snap', path: join(root, 'var/lib/snapd/state.json'), entries: 3, complete: true },
    ]);
  });

  it('has versions without an order: a comparison is undecided', async (context) => {
    const root = makeSystem(context, {
      'var/lib/snapd/state.json': state,
      'snap/core20/2318/meta/snap.yaml': "version: '1'\n",
    });
    const { hits, receipt } = await askBelow(root).ask({ names: ['^core20$'], compares: ['<2'] });
    assert.deepEqual(hits, []);
    assert.deepEqual(receipt.skipped, [{ reason: 'undecided', count: 1 }]);
  });

  it('is unknown when it is damaged', async (context) => {
    for (const text of [
      '{"data":',
      '{"data":{"snaps":{"../a":{"current":"1"}}}}',
      '{"data":{"snaps":{"a":{"current":"../1"}}}}',
    ]) {
      const root = makeSystem(context, { 'var/lib/snapd/state.json': text });
      const { hits, receipt } = await askBelow(root).ask({ types: ['snap'] });
      assert.deepEqual([hits.length, receipt.sources?.[0]?.complete], [0, false], text);
    }
  });
});
