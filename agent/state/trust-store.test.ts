import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createMessage, generateKey, type PrivateKey, revokeKey, sign } from 'openpgp';
import { type Fingerprint, newActionId, sha256Hex } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { fingerprintOf } from '../../protocol/signatures/openpgp-keys.ts';
import { type TrustEnvelope, type TrustList, toTrustBytes } from '../../protocol/trust/trust-list.ts';
import type { TrustCode } from '../../protocol/trust/trust-refusals.ts';
import { type TrustOutcome, TrustStore } from './trust-store.ts';

interface Person {
  readonly name: string;
  readonly privateKey: PrivateKey;
  readonly key: { readonly fingerprint: Fingerprint; readonly armored: string };
}

const nowMs = Date.now() + 60_000;
const dayMs = 24 * 3600 * 1000;

async function makePerson(name: string): Promise<Person> {
  const date = new Date(nowMs - 100 * dayMs);
  const { privateKey, publicKey } = await generateKey({ userIDs: [{ name }], format: 'object', date });
  return { name, privateKey, key: { fingerprint: fingerprintOf(publicKey), armored: publicKey.armor() } };
}

async function signList(
  list: TrustList,
  signers: readonly Person[],
  bytes = toTrustBytes(list),
): Promise<TrustEnvelope> {
  const message = await createMessage({ binary: bytes });
  const signatures = signers.map(
    ({ privateKey }) => sign({ message, signingKeys: privateKey, detached: true }) as Promise<string>,
  );
  return { payload: bytes.toString('base64'), signatures: await Promise.all(signatures) };
}

describe('trust store', () => {
  let alice: Person;
  let bob: Person;
  let eve: Person;
  let roots: Person[];
  let environment: BakedEnvironment;
  let folder = '';
  const root = mkdtempSync(join(tmpdir(), 'mig-trust-'));

  before(async () => {
    [alice, bob, eve] = (await Promise.all(['alice', 'bob', 'eve'].map(makePerson))) as [Person, Person, Person];
    roots = await Promise.all(['carol', 'dave'].map(makePerson));
    const baked = ({ name, key }: Person) => ({ name, keys: [key] });
    environment = BakedEnvironment.parse({
      name: 'test',
      relay: { url: 'amqp://a:b@localhost/', ca: null, proxies: [], clientCertificate: null },
      investigators: [alice, bob].map(baked),
      rootkeys: { people: roots.map(baked), threshold: 2 },
      acl: {
        default: { minimumWeight: 2, weights: { alice: 2, bob: 1 } },
        memory: { minimumWeight: 3, weights: { alice: 2, bob: 1 }, answers: { metadata: 'never' } },
      },
      tags: {},
      limits: {},
      modules: ['file', 'memory'],
      needs: ['files'],
      heartbeatSeconds: 60,
    });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(root, 'state-'));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  const newList = (changes: Partial<TrustList> = {}): TrustList => ({
    fleet: 'test',
    version: 1,
    issued: toInstant(nowMs - 1000),
    expires: toInstant(nowMs + 100 * dayMs),
    investigators: [
      { name: 'bob', keys: [{ fingerprint: bob.key.fingerprint }] },
      { name: 'eve', keys: [eve.key] },
    ],
    acl: { default: { minimumWeight: 3, weights: { bob: 1, eve: 2 } } },
    revokedkeys: [alice.key.fingerprint],
    revokedactions: [],
    ...changes,
  });

  const names = (store: TrustStore, atMs = nowMs) => store.current(atMs).investigators.map(({ name }) => name);

  test('takes a list that enough people signed, and knows it after a restart', async () => {
    const store = await TrustStore.open(folder, environment);
    assert.deepEqual(names(store), ['alice', 'bob']);
    assert.deepEqual(store.status, { version: 0, expires: null });
    const envelope = await signList(newList(), roots);
    assert.deepEqual(await store.receive(envelope, nowMs), { kind: 'taken', version: 1, signers: ['carol', 'dave'] });
    for (const known of [store, await TrustStore.open(folder, environment)]) {
      assert.deepEqual(names(known), ['bob', 'eve']);
      assert.equal(known.status?.version, 1);
      assert.equal(known.status?.digest, sha256Hex(Buffer.from(envelope.payload, 'base64')));
      assert.equal(known.current(nowMs).acl.file?.minimumWeight, 3);
      assert.deepEqual(await known.receive(envelope, nowMs), { kind: 'known' });
    }
  });

  test('tells which list it did not take, and why, until it takes one', async () => {
    const store = await TrustStore.open(folder, environment);
    const acl = { default: { minimumWeight: 1, weights: { bob: 1 } } };
    const refused = await signList(newList({ acl }), roots);
    await store.receive(refused, nowMs);
    const digest = sha256Hex(Buffer.from(refused.payload, 'base64'));
    assert.deepEqual(store.status?.refused, { digest, code: 'trust-out-of-bounds' });
    await store.receive(await signList(newList({ version: 2 }), roots), nowMs);
    assert.equal(store.status?.refused, undefined);
  });

  test('what the build asks for beside weights stays', async () => {
    const store = await TrustStore.open(folder, environment);
    const acl = { memory: { minimumWeight: 3, weights: { eve: 2, bob: 1 } } };
    await store.receive(await signList(newList({ acl }), roots), nowMs);
    const { acl: effective } = store.current(nowMs);
    assert.deepEqual(effective.memory?.answers, { metadata: 'never' });
    assert.equal(effective.file, undefined, 'a module without a rule may be asked by nobody');
    assert.equal(effective.default, undefined);
  });

  test('after its expiry goes back to what is baked in, without those who were ever revoked', async () => {
    const store = await TrustStore.open(folder, environment);
    const action = newActionId();
    await store.receive(await signList(newList({ revokedactions: [action] }), roots), nowMs);
    await store.receive(await signList(newList({ version: 2, revokedkeys: [] }), roots), nowMs);
    const laterMs = nowMs + 101 * dayMs;
    for (const known of [store, await TrustStore.open(folder, environment)]) {
      assert.deepEqual(names(known, laterMs), ['alice', 'bob']);
      assert.deepEqual([...known.current(laterMs).revokedKeys], [alice.key.fingerprint]);
      assert.deepEqual([...known.current(laterMs).revokedActions], [action]);
    }
  });

  const refused: readonly {
    says: string;
    code: TrustCode;
    envelope: () => Promise<TrustEnvelope>;
  }[] = [
    { says: 'signed by one person', code: 'trust-threshold', envelope: () => signList(newList(), roots.slice(1)) },
    {
      says: 'signed twice by one person',
      code: 'trust-threshold',
      envelope: () => signList(newList(), [...roots.slice(1), ...roots.slice(1)]),
    },
    { says: 'signed by investigators', code: 'trust-threshold', envelope: () => signList(newList(), [alice, bob]) },
    { says: 'not signed', code: 'trust-threshold', envelope: () => signList(newList(), []) },
    {
      says: 'changed after it was signed',
      code: 'trust-bad-signature',
      envelope: async () => ({
        ...(await signList(newList(), roots)),
        payload: toTrustBytes(newList({ version: 7 })).toString('base64'),
      }),
    },
    {
      says: 'of another environment',
      code: 'trust-wrong-fleet',
      envelope: () => signList(newList({ fleet: 'other' }), roots),
    },
    {
      says: 'that has expired',
      code: 'trust-expired',
      envelope: () => signList(newList({ expires: toInstant(nowMs - 1000) }), roots),
    },
    {
      says: 'from tomorrow',
      code: 'trust-not-yet-valid',
      envelope: () => signList(newList({ issued: toInstant(nowMs + dayMs) }), roots),
    },
    {
      says: 'that asks for less weight than the build',
      code: 'trust-out-of-bounds',
      envelope: () => signList(newList({ acl: { file: { minimumWeight: 1, weights: { bob: 1 } } } }), roots),
    },
    {
      says: 'whose default is less than what the build asks for a module',
      code: 'trust-out-of-bounds',
      envelope: () => signList(newList({ acl: { default: { minimumWeight: 2, weights: { eve: 2 } } } }), roots),
    },
    {
      says: 'that makes somebody heavier than anybody in the build',
      code: 'trust-out-of-bounds',
      envelope: () => signList(newList({ acl: { default: { minimumWeight: 3, weights: { eve: 3 } } } }), roots),
    },
    {
      says: 'with a key under the name of another',
      code: 'trust-malformed',
      envelope: () =>
        signList(
          newList({
            investigators: [{ name: 'eve', keys: [{ fingerprint: alice.key.fingerprint, armored: eve.key.armored }] }],
          }),
          roots,
        ),
    },
    {
      says: 'with a key that is nowhere to be found',
      code: 'trust-malformed',
      envelope: () =>
        signList(newList({ investigators: [{ name: 'eve', keys: [{ fingerprint: eve.key.fingerprint }] }] }), roots),
    },
    {
      says: 'that is no list',
      code: 'trust-malformed',
      envelope: () => signList(newList(), roots, Buffer.from('mig action v3\n{}')),
    },
  ];
  for (const { says, code, envelope } of refused)
    test(`refuses a list ${says}: ${code}, and goes on as before`, async () => {
      const store = await TrustStore.open(folder, environment);
      const given = await envelope();
      const outcome: TrustOutcome = await store.receive(given, nowMs);
      assert.deepEqual({ kind: outcome.kind, code: Reflect.get(outcome, 'code') }, { kind: 'refused', code });
      if (code !== 'trust-not-yet-valid')
        assert.deepEqual(await store.receive(given, nowMs), { kind: 'known' }, 'it is not looked at twice');
      for (const known of [store, await TrustStore.open(folder, environment)]) {
        assert.deepEqual(names(known), ['alice', 'bob']);
        assert.equal(known.status?.version, 0);
      }
    });

  test('refuses an older list, another one of the same version, and any without root keys', async () => {
    const store = await TrustStore.open(folder, environment);
    await store.receive(await signList(newList({ version: 5 }), roots), nowMs);
    for (const version of [4, 5]) {
      const other = newList({ version, expires: toInstant(nowMs + 50 * dayMs) });
      const outcome = await store.receive(await signList(other, roots), nowMs);
      assert.equal(Reflect.get(outcome, 'code'), 'trust-older');
    }
    const closed = await TrustStore.open(mkdtempSync(join(root, 'x-')), { ...environment, rootkeys: null });
    const outcome = await closed.receive(await signList(newList(), roots), nowMs);
    assert.equal(Reflect.get(outcome, 'code'), 'trust-not-configured');
    assert.equal(closed.status, null);
  });

  test('refuses a list of another environment without a trace of it, also after a restart', async () => {
    const store = await TrustStore.open(folder, environment);
    await store.receive(await signList(newList({ revokedkeys: [] }), roots), nowMs);
    const other = newList({ fleet: 'other', version: 2, investigators: [{ name: 'alice', keys: [alice.key] }] });
    const outcome = await store.receive(await signList(other, roots), nowMs);
    assert.equal(Reflect.get(outcome, 'code'), 'trust-wrong-fleet');
    for (const known of [store, await TrustStore.open(folder, environment)]) {
      assert.deepEqual(names(known), ['bob', 'eve']);
      assert.equal(known.status?.version, 1);
      assert.equal(known.current(nowMs).revokedKeys.size, 0);
    }
  });

  describe('of a new build', () => {
    beforeEach(async () => {
      const store = await TrustStore.open(folder, environment);
      await store.receive(await signList(newList({ version: 5 }), roots), nowMs);
    });
    const tryOn = async (store: TrustStore, changes: Partial<TrustList>, signers = roots): Promise<unknown> => {
      const outcome = await store.receive(await signList(newList(changes), signers), nowMs);
      return Reflect.get(outcome, 'code') ?? outcome.kind;
    };

    test('that has no room for the latest list takes no older one in its place', async () => {
      const acl = { default: { minimumWeight: 4, weights: { alice: 4, bob: 1 } } };
      const store = await TrustStore.open(folder, { ...environment, acl });
      assert.deepEqual(names(store), ['alice', 'bob']);
      const fitting = { default: { minimumWeight: 4, weights: { bob: 4 } } };
      assert.equal(await tryOn(store, { version: 4, acl: fitting }), 'trust-older');
      assert.equal(await tryOn(store, { version: 6, acl: fitting }), 'taken');
    });

    test('with other root keys does not obey a list that only the former ones have signed', async () => {
      const [carol] = roots as [Person];
      const people = [carol, eve].map(({ name, key }) => ({ name, keys: [key] }));
      for (const known of [1, 2]) {
        const store = await TrustStore.open(folder, { ...environment, rootkeys: { people, threshold: 2 } });
        assert.deepEqual(names(store), ['alice', 'bob'], `start ${known}`);
        assert.equal(store.status?.version, 0);
        assert.deepEqual([...store.current(nowMs).revokedKeys], [alice.key.fingerprint], 'what was revoked stays so');
        assert.equal(await tryOn(store, { version: 9 }), 'trust-threshold');
      }
      const store = await TrustStore.open(folder, { ...environment, rootkeys: { people, threshold: 2 } });
      assert.equal(await tryOn(store, { version: 1 }, [carol, eve]), 'taken');
    });

    test('with more root keys obeys the list that enough of them have signed', async () => {
      const people = [...roots, eve].map(({ name, key }) => ({ name, keys: [key] }));
      const store = await TrustStore.open(folder, { ...environment, rootkeys: { people, threshold: 2 } });
      assert.deepEqual(names(store), ['bob', 'eve']);
      assert.equal(store.status?.version, 5);
    });

    test('in which a root key is revoked does not obey what only that key has signed with the others', async () => {
      const [carol, dave] = roots as [Person, Person];
      const { publicKey } = await revokeKey({ key: carol.privateKey, format: 'armored' });
      const revoked = { name: carol.name, keys: [{ fingerprint: carol.key.fingerprint, armored: publicKey }] };
      const people = [revoked, { name: dave.name, keys: [dave.key] }];
      const store = await TrustStore.open(folder, { ...environment, rootkeys: { people, threshold: 2 } });
      assert.deepEqual(names(store), ['alice', 'bob']);
      assert.equal(store.status?.version, 0);
    });

    test('without root keys still knows what was revoked', async () => {
      const store = await TrustStore.open(folder, { ...environment, rootkeys: null });
      assert.deepEqual([...store.current(nowMs).revokedKeys], [alice.key.fingerprint]);
    });
  });
});
