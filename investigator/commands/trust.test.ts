/** Drafts, signs and publishes trust lists: what is wrong with one is said before it is signed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { generateKey } from 'openpgp';
import type { CodedError } from '../../protocol/base/coded-error.ts';
import { startToyPlatform, type ToyPlatform } from '../testing/toy-platform.ts';

interface Person {
  readonly secret: string;
  readonly public: string;
  readonly fingerprint: string;
}

const names = ['alice', 'bob', 'carol', 'dave'] as const;
let platform: ToyPlatform;
let config: string;
const people = {} as Record<(typeof names)[number], Person>;
const file = (name: string): string => join(platform.folder, name);

before(async () => {
  platform = await startToyPlatform();
  for (const name of names) {
    const { privateKey, publicKey } = await generateKey({ userIDs: [{ name }], format: 'object' });
    people[name] = {
      secret: platform.write(`${name}.secret.asc`, privateKey.armor()),
      public: platform.write(`${name}.asc`, publicKey.armor()),
      fingerprint: publicKey.getFingerprint().toUpperCase(),
    };
  }
  const shown = (...some: readonly (typeof names)[number][]) =>
    some.map((name) => ({ name, keys: [people[name].fingerprint] }));
  config = platform.write(
    'config.json',
    JSON.stringify({
      name: 'production',
      acl: { default: { minimumWeight: 2, weights: { alice: 2, bob: 1 } } },
      modules: ['toy'],
      investigators: shown('alice', 'bob'),
      rootkeys: { people: shown('carol', 'dave'), threshold: 2 },
    }),
  );
});
after(() => platform.close());

function mig(who: (typeof names)[number], ...argv: readonly string[]) {
  platform.environment.MIG_KEY = people[who].secret;
  return platform.mig(...argv);
}

async function draft(...changes: readonly string[]): Promise<string> {
  const { lines } = await mig('carol', 'trust', 'new', ...changes, '-o', file('list.json'));
  return lines.join('\n');
}

async function refusalOf(command: Promise<unknown>): Promise<string> {
  try {
    await command;
  } catch (error) {
    const { message, hint = '' } = error as CodedError;
    return `${message}\n${hint}`;
  }
  return assert.fail('expected a refusal');
}

describe('a trust list', () => {
  it('that changes nothing bad has no notes, and says who must sign it', async () => {
    const said = await draft('-with', config, '-add', `dave=${people.dave.public}`, '-weight', 'default:dave=1');
    assert.doesNotMatch(said, /note:/);
    assert.match(said, /mig trust sign .*, by 2 of carol, dave$/m);
  });

  it('that leaves a module which nobody can ask is told before it is signed', async () => {
    const note = /note: toy: nobody can ask it: it takes weight 2, and all in the list together have 1$/m;
    assert.match(await draft('-with', config, '-remove', 'alice'), note);
    const signed = await mig('carol', 'trust', 'sign', file('list.json'), '-with', config, '-y');
    assert.match(signed.lines.join('\n'), note);
  });

  it('that gives more than the build lets it is told, and not published', async () => {
    const said = await draft('-with', config, '-weight', 'default:bob=3', '-minimum', 'default=2');
    assert.match(said, /note: agents will refuse the list: toy: weight 3 for bob, at most 2 by the build/);
    for (const name of ['carol', 'dave'] as const) await mig(name, 'trust', 'sign', file('list.json'), '-y');
    const refused = await refusalOf(mig('carol', 'trust', 'publish', file('list.json'), '-with', config));
    assert.match(refused, /expected a list that agents take: toy: weight 3 for bob/);
  });

  it('for agents that were built without root keys is told, and not published', async () => {
    const { rootkeys: _, ...rest } = JSON.parse(readFileSync(config, 'utf8'));
    const without = platform.write('without-roots.json', JSON.stringify(rest));
    const refusal = /they were built without rootkeys, and take none/;
    const said = await draft('-with', without, '-remove', 'bob');
    assert.match(said, refusal);
    assert.doesNotMatch(said, /next:/);
    await mig('carol', 'trust', 'sign', file('list.json'), '-y');
    assert.match(await refusalOf(mig('carol', 'trust', 'publish', file('list.json'), '-with', without)), refusal);
  });

  it('is held against the build also when it follows another', async () => {
    await draft('-with', config);
    const said = await draft('-from', file('list.json'), '-with', config, '-minimum', 'default=1');
    assert.match(said, /trust list 2 of production/);
    assert.match(said, /agents will refuse the list: toy: minimum weight 1, 2 by the build/);
  });

  it('names who is in it without a weight, and who has one without being in it', async () => {
    const said = await draft('-with', config, '-add', `dave=${people.dave.public}`, '-weight', 'default:erin=1');
    assert.match(said, /note: dave is in the list, and has no weight/);
    assert.match(said, /note: erin has a weight, and is not in the list/);
  });

  it('takes no key back that was revoked', async () => {
    await draft('-with', config, '-remove', 'bob');
    const refused = await refusalOf(draft('-from', file('list.json'), '-add', `bob=${people.bob.public}`));
    assert.match(refused, new RegExp(`got ${people.bob.fingerprint} of bob\n.*never comes back`));
    const at = ['-add', `dave=${people.dave.public}`, '-revoke', people.dave.fingerprint];
    assert.match(await refusalOf(draft('-with', config, ...at)), /a key that is not revoked/);
    assert.doesNotMatch(readFileSync(file('list.json'), 'utf8'), /dave/);
  });

  it('may give somebody a new key in place of the revoked one', async () => {
    const said = await draft(
      '-with',
      config,
      '-remove',
      'bob',
      '-add',
      `bob=${people.dave.public}`,
      '-weight',
      'default:bob=1',
    );
    assert.match(said, new RegExp(`bob: ${people.dave.fingerprint}`));
    assert.match(said, new RegExp(`revoked keys: ${people.bob.fingerprint}`));
  });

  it('is not signed by a key that counts nothing, nor published with too few signatures', async () => {
    await draft('-with', config);
    assert.match(
      await refusalOf(mig('alice', 'trust', 'sign', file('list.json'), '-with', config, '-y')),
      /expected a root key of these agents.*\n.*carol, dave/,
    );
    assert.match(await refusalOf(mig('carol', 'trust', 'publish', file('list.json'))), /expected 1 signature .*got 0/);
    await mig('carol', 'trust', 'sign', file('list.json'), '-with', config, '-y');
    const few = await refusalOf(mig('carol', 'trust', 'publish', file('list.json'), '-with', config));
    assert.match(few, /expected 2 signatures of people with root keys, got 1\n.*by 2 of carol, dave/);
  });
});
