import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { requireSetting } from '../cli/require-settings.ts';
import { type KeySetting, readSettings } from '../cli/settings.ts';
import { StateKeeper } from '../cli/state-keeper.ts';
import { startToyPlatform, type ToyPlatform } from '../testing/toy-platform.ts';
import { ConnectionCache } from './connection-cache.ts';
import { connectRelay } from './relay.ts';

let platform: ToyPlatform;
before(async () => {
  platform = await startToyPlatform();
});
after(() => platform.close());

describe('a key that is kept', () => {
  const named = (path: string, passphraseFile?: string): KeySetting => ({ kind: 'file', path, passphraseFile });

  it('is the same until its file or what is said of it changes', () => {
    const cache = new ConnectionCache();
    const path = platform.write('kept.asc', 'one');
    const first = cache.key(named(path));
    assert.equal(cache.key(named(path)), first);
    const withPassphrase = cache.key(named(path, '/run/passphrase'));
    assert.notEqual(withPassphrase, first);
    assert.equal(cache.key(named(path, '/run/passphrase')), withPassphrase);
    platform.write('kept.asc', 'two');
    assert.notEqual(cache.key(named(path, '/run/passphrase')), withPassphrase);
  });

  it('is tried again when it could not be opened', async () => {
    const held = new ConnectionCache().key(named(platform.write('broken.asc', 'no key')));
    const tries = [held.open(), held.open()];
    for (const tried of tries) await assert.rejects(tried, { code: 'key-unreadable' });
    assert.equal(tries[0], tries[1]);
    assert.notEqual(held.open(), tries[0]);
    await assert.rejects(held.open(), { code: 'key-unreadable' });
  });
});

describe('a connection that is kept', () => {
  it('is replaced when the relay has closed it, for a request that may be sent twice', async () => {
    const settings = readSettings(platform.environment);
    const cache = new ConnectionCache();
    const relay = connectRelay(
      { settings, connections: cache, signal: new AbortController().signal, keeper: new StateKeeper(() => {}) },
      cache.key(requireSetting(settings, 'key')),
    );
    const { script } = platform.relay;
    /** Cuts off the next request, like a relay that closes the connection just then. */
    const cutNext = (): void => {
      script.override = (request) => {
        script.override = undefined;
        request.socket.destroy();
        return true;
      };
    };
    try {
      await relay.countAgents('all');
      const before = platform.relay.connections();
      cutNext();
      assert.equal(await relay.countAgents('all'), 1);
      assert.equal(platform.relay.connections(), before + 1);
      // A login names the certificate, which a connection that resumes a TLS session would not show.
      for (const _ of ['over a new connection', 'over the same']) {
        platform.relay.forgetSessions();
        assert.equal(await relay.countAgents('all'), 1);
      }
      cutNext();
      await assert.rejects(relay.remove('/proposals/1'), { code: 'server-unreachable' });
    } finally {
      cache.close();
    }
  });
});
