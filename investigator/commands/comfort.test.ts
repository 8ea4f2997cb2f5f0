/** What makes `mig` pleasant: completion that real shells accept, and a check of the settings that names what is wrong. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { toInstant } from '../../protocol/base/instant.ts';
import { type TrustList, toTrustBytes } from '../../protocol/trust/trust-list.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import { startToyPlatform, type ToyPlatform } from '../testing/toy-platform.ts';

let platform: ToyPlatform;
before(async () => {
  platform = await startToyPlatform();
});
after(() => platform.close());

async function scriptFor(shell: string): Promise<string> {
  const { lines } = await platform.mig('completion', shell);
  return lines.map((line) => line.slice('out: '.length)).join('\n');
}

describe('mig completion', () => {
  const complete = (script: string, words: readonly string[]): string[] => {
    const quoted = words.map((word) => `'${word}'`).join(' ');
    const ask = `${script}\nCOMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _mig; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync('bash', ['-c', ask], { encoding: 'utf8' }).stdout.trim().split('\n').toSorted();
  };

  it('completes modules, commands, flags and values in bash', async () => {
    const script = await scriptFor('bash');
    assert.deepEqual(complete(script, ['mig', 'to']), ['toy']);
    assert.deepEqual(complete(script, ['mig', 's']), ['show', 'sign']);
    assert.deepEqual(complete(script, ['mig', 'toy', '-w']), ['-word']);
    assert.deepEqual(complete(script, ['mig', 'toy', '-t', 'o']), ['online']);
    assert.deepEqual(complete(script, ['mig', 'show', '-show', 'not']), ['notfound']);
    assert.deepEqual(complete(script, ['mig', 'trust', 'pu']), ['publish']);
    assert.deepEqual(complete(script, ['mig', 'help', 'wit']), ['withdraw', 'witness']);
    assert.deepEqual(complete(script, ['mig', 'run', platform.environment.MIG_CA?.slice(0, -1) ?? '']), [
      platform.environment.MIG_CA,
    ]);
    // Nothing but flags, and what nobody can know.
    assert.deepEqual(complete(script, ['mig', 'toy', '']), ['']);
    assert.deepEqual(complete(script, ['mig', 'toy', '-title', '']), ['']);
  });

  it('refuses a shell that it does not know', () =>
    assert.rejects(platform.mig('completion', 'csh'), { code: 'usage' }));
});

describe('mig config', () => {
  it('says that all is well', async () => {
    const { exitCode, lines } = await platform.mig('config');
    assert.equal(exitCode, exitCodes.found);
    const names = lines.filter((line) => line.startsWith('out: ok')).map((line) => /ok {4}(\w+)/.exec(line)?.[1]);
    assert.deepEqual(names, ['fleet', 'server', 'clock', 'key', 'login']);
  });

  const rules = {
    name: 'production',
    acl: {
      default: { minimumWeight: 1, weights: { alice: 1 } },
      memory: { minimumWeight: 2, weights: { alice: 1, bob: 1 } },
    },
    modules: ['file', 'memory'],
    investigators: [{ name: 'alice', keys: [] as string[] }],
  };

  it('says what the agents let the key ask', async () => {
    const own = /[0-9A-F]{40}/.exec((await platform.mig('config')).lines.join('\n'))?.[0] ?? assert.fail();
    const known = { ...rules, investigators: [{ name: 'alice', keys: [own] }] };
    const { exitCode, lines } = await platform.mig(
      'config',
      '-with',
      platform.write('known.json', JSON.stringify(known)),
    );
    assert.equal(exitCode, exitCodes.found);
    assert.ok(
      lines.includes('out: ok    acl: as alice in production, alone: file; memory with others (weight 1 of 2)'),
      lines.join('\n'),
    );
  });

  it('says that the agents are of another environment', async () => {
    const file = platform.write('staging.json', JSON.stringify({ ...rules, name: 'staging' }));
    const { exitCode, lines } = await platform.mig('config', '-with', file);
    assert.equal(exitCode, exitCodes.error);
    assert.ok(
      lines.includes('out: wrong fleet: expected staging, which the agents were built for, got production'),
      lines.join('\n'),
    );
  });

  it('says that the agents do not know the key', async () => {
    const { exitCode, lines } = await platform.mig(
      'config',
      '-with',
      platform.write('unknown.json', JSON.stringify(rules)),
    );
    assert.equal(exitCode, exitCodes.error);
    assert.match(lines.join('\n'), /wrong acl: expected a key that the agents of production know, got [0-9A-F]{40}/);
  });

  it('goes by the trust list for who came by one, and says so', async () => {
    const own = /[0-9A-F]{40}/.exec((await platform.mig('config')).lines.join('\n'))?.[0] ?? assert.fail();
    const built = { ...rules, acl: { default: { minimumWeight: 1, weights: { bob: 2 } } }, investigators: [] };
    const person = { name: 'erin', keys: [{ fingerprint: own }] };
    const list = {
      ...{ fleet: 'production', version: 4, issued: toInstant(0), expires: toInstant(Date.now() + 86_400_000) },
      ...{ investigators: [person], revokedkeys: [], revokedactions: [] },
      acl: { default: { minimumWeight: 1, weights: { erin: 2 } } },
    } as unknown as TrustList;
    const envelope = { payload: toTrustBytes(list).toString('base64'), signatures: [] };
    platform.relay.script.override = (request, response) => {
      if (request.url?.endsWith('/trust/production') !== true) return false;
      response.end(JSON.stringify({ fleet: 'production', version: 4, envelope }));
      return true;
    };
    const file = platform.write('built.json', JSON.stringify(built));
    const { exitCode, lines } = await platform.mig('config', '-with', file).finally(() => {
      platform.relay.script.override = undefined;
    });
    assert.equal(exitCode, exitCodes.found, lines.join('\n'));
    assert.match(
      lines.join('\n'),
      /acl: as erin in production, alone: file, memory; by trust list 4 as the server has it/,
    );
  });

  it('ends on ctrl+c, without a word on settings that it did not try', async () => {
    const { script } = platform.relay;
    const interruption = new AbortController();
    script.override = () => {
      interruption.abort();
      return true;
    };
    try {
      await assert.rejects(platform.migUntil(interruption.signal, false, 'config'), { name: 'AbortError' });
    } finally {
      script.override = undefined;
    }
  });

  const mistakes: readonly (readonly [string, string, RegExp])[] = [
    ['MIG_SERVER', 'https://127.0.0.1:1', /wrong server: /],
    ['MIG_CA', '', /wrong server: .*certificate/],
    ['MIG_KEY', '/absent.asc', /wrong key: /],
    ['MIG_FLEET', '', /wrong fleet: /],
  ];
  for (const [name, value, expected] of mistakes)
    it(`names what is wrong with ${name}`, async () => {
      const right = platform.environment[name] ?? '';
      platform.environment[name] = value;
      const { exitCode, lines } = await platform.mig('config').finally(() => {
        platform.environment[name] = right;
      });
      assert.equal(exitCode, exitCodes.error);
      assert.match(lines.join('\n'), expected);
    });
});

describe('an action that was sent before', () => {
  it('is refused with what can be done', async () => {
    const { script } = platform.relay;
    script.override = (request, response) => {
      if (request.method !== 'POST' || request.url?.endsWith('/actions') !== true) return false;
      const code = 'action-exists';
      const problem = { type: `urn:mig:problem:${code}`, title: 'expected a new action', status: 409, code };
      response.writeHead(409, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
      return true;
    };
    try {
      await assert.rejects(platform.mig('toy', '-word', 'wget'), (error: Error & { code: string; hint?: string }) => {
        assert.equal(error.code, 'action-exists');
        assert.match(error.hint ?? '', /mig follow ID .* mig sign or mig propose/);
        return true;
      });
    } finally {
      script.override = undefined;
    }
  });
});
