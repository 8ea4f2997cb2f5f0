/** Attacks on actions: altered, moved, replayed, or signed without the right. */

import type { Action } from '../../../protocol/action/action.ts';
import type { Envelope } from '../../../protocol/action/envelope.ts';
import { toSignedBytes } from '../../../protocol/action/envelope.ts';
import type { RefusalCode } from '../../../protocol/agent-message/refusal.ts';
import { toInstant } from '../../../protocol/base/instant.ts';
import { signBytes } from '../../lab/compose.ts';
import { type Attack, must } from '../attack.ts';
import type { RawPerson } from '../people.ts';
import { signPlainly } from '../signature-tricks.ts';
import type { Stage } from '../stage.ts';

const hourMs = 3600 * 1000;
const netstat = { module: 'netstat', parameters: { listeningport: ['1'] } };

/** Changes the signed bytes, and keeps the signatures. */
function alter(envelope: Envelope, change: (text: string) => string): Envelope {
  const text = Buffer.from(envelope.payload, 'base64').toString('utf8');
  const changed = change(text);
  must(changed !== text, 'the attack changed nothing');
  return { ...envelope, payload: Buffer.from(changed).toString('base64') };
}

interface Refused {
  readonly name: string;
  readonly tried: string;
  readonly codes: readonly RefusalCode[];
  readonly make: (stage: Stage) => Promise<{ readonly action: Action; readonly envelope: Envelope }>;
}

function refused({ name, tried, codes, make }: Refused): Attack {
  return {
    name,
    tried,
    run: async (stage) => {
      const { action, envelope } = await make(stage);
      return stage.refuses(action, envelope, codes);
    },
  };
}

async function byAlice(stage: Stage, changes: Partial<Action> = {}, change: (text: string) => string = (text) => text) {
  const { action } = await stage.compose(changes);
  const envelope = await stage.envelope(action, stage.people.alice);
  return { action, envelope: change('x') === 'x' ? envelope : alter(envelope, change) };
}

function altered(name: string, tried: string, change: (text: string) => string, changes: Partial<Action> = {}): Attack {
  return refused({
    name,
    tried,
    codes: ['bad-signature'],
    make: async (stage) => {
      const { action, envelope } = await byAlice(stage, changes);
      return { action, envelope: alter(envelope, change) };
    },
  });
}

/** Signed by one key; the trust list gives its owner enough weight. */
function byRaw(name: string, tried: string, codes: readonly RefusalCode[], pick: (stage: Stage) => RawPerson): Attack {
  return refused({
    name,
    tried,
    codes,
    make: async (stage) => {
      const { action } = await stage.compose();
      const bytes = toSignedBytes(action);
      const signatures = [signPlainly(bytes, pick(stage).key)];
      return { action, envelope: { payload: bytes.toString('base64'), signatures } };
    },
  });
}

const replays: readonly Attack[] = [
  {
    name: 'replay on the same host',
    tried: 'an answered action again, then again after the agent was killed',
    run: async (stage) => {
      const { action, envelope } = await byAlice(stage);
      const first = await stage.send(action, envelope);
      must(first.kind === 'result', `expected a first answer, got ${first.kind}`);
      await stage.refuses(action, envelope, ['replayed']);
      await stage.restartAgent();
      return stage.refuses(action, envelope, ['replayed']);
    },
  },
  {
    name: 'replay on another host',
    tried: 'an action for one agent is sent to another',
    run: async (stage) => {
      const { action, envelope } = await byAlice(stage, { target: `id = '${stage.agentId}'` });
      const first = await stage.send(action, envelope);
      must(first.kind === 'result', `expected an answer of the agent meant, got ${first.kind}`);
      return stage.refuses(action, envelope, ['target-mismatch'], stage.secondId);
    },
  },
  refused({
    name: 'replay in another fleet',
    tried: 'an action that was signed for production',
    codes: ['wrong-fleet'],
    make: (stage) => byAlice(stage, { fleet: 'production' }),
  }),
];

const alterations: readonly Attack[] = [
  altered(
    'target widened',
    "the target of one host becomes 'all'",
    (text) => text.replace(/"target":"[^"]*"/, '"target":"all"'),
    {
      target: "name = 'another-host'",
    },
  ),
  altered('expiry extended', 'expireafter is put a thousand years later', (text) =>
    text.replace('"expireafter":"2', '"expireafter":"3'),
  ),
  altered(
    'operations swapped',
    'two operations change places',
    (text) =>
      text.replace(/"operations":\[(\{.*\}),(\{"module":"netstat".*\})\],"readers"/, '"operations":[$2,$1],"readers"'),
    { operations: [{ module: 'fault', parameters: { fault: 'none' } }, netstat] },
  ),
  altered('a bit flipped', 'one bit of the name', (text) => text.replace('"name":"test"', '"name":"uest"')),
  refused({
    name: 'co-signature moved to another action',
    tried: "bob's signature of one question beside alice's of another",
    codes: ['bad-signature'],
    make: async (stage) => {
      const { alice, bob } = stage.people;
      const [agreed, other] = [await stage.compose(), await stage.compose({ operations: [netstat] })];
      const bobs = await signBytes(toSignedBytes(agreed.action), bob);
      const envelope = await stage.envelope(other.action, alice);
      return { action: other.action, envelope: { ...envelope, signatures: [...envelope.signatures, bobs] } };
    },
  }),
];

const signers: readonly Attack[] = [
  refused({
    name: 'signatures stripped',
    tried: 'one of two signatures that a module asks for is taken away',
    codes: ['insufficient-weight'],
    make: async (stage) => {
      const { action } = await stage.compose({ operations: [netstat] });
      const envelope = await stage.envelope(action, stage.people.alice, stage.people.bob);
      return { action, envelope: { ...envelope, signatures: envelope.signatures.slice(0, 1) } };
    },
  }),
  refused({
    name: 'signatures doubled',
    tried: 'the same signature twice where two people are asked for',
    codes: ['insufficient-weight'],
    make: async (stage) => {
      const { action } = await stage.compose({ operations: [netstat] });
      const envelope = await stage.envelope(action, stage.people.alice);
      return { action, envelope: { ...envelope, signatures: [...envelope.signatures, ...envelope.signatures] } };
    },
  }),
  refused({
    name: 'two keys of one person',
    tried: 'both keys of alice where two people are asked for',
    codes: ['insufficient-weight'],
    make: async (stage) => {
      const { action } = await stage.compose({ operations: [netstat] });
      return { action, envelope: await stage.envelope(action, stage.people.alice, stage.people.alicesOther) };
    },
  }),
  refused({
    name: 'too little weight',
    tried: 'bob alone, and a stranger beside him',
    codes: ['insufficient-weight'],
    make: async (stage) => {
      const { action } = await stage.compose();
      return { action, envelope: await stage.envelope(action, stage.people.bob, stage.people.stranger) };
    },
  }),
  refused({
    name: 'unknown key',
    tried: "the relay's own signature in place of the investigator's",
    codes: ['unknown-signer'],
    make: async (stage) => {
      const { action } = await stage.compose();
      return { action, envelope: await stage.envelope(action, stage.people.stranger) };
    },
  }),
  byRaw('expired key', 'a key that has expired', ['key-expired'], ({ people }) => people.expired),
  byRaw('revoked key', 'a key whose owner has revoked it', ['key-revoked'], ({ people }) => people.revoked),
  byRaw('key with a weak algorithm', 'RSA of 1024 bits', ['bad-signature'], ({ people }) => people.weak),
  {
    name: 'later revoked key',
    tried: 'a key that was good until a trust list revoked it',
    run: async (stage) => {
      const { leaver, alice } = stage.people;
      const sign = async () => {
        const { action } = await stage.compose({ readers: (await stage.compose()).action.readers });
        const bytes = toSignedBytes(action);
        return {
          action,
          envelope: { payload: bytes.toString('base64'), signatures: [signPlainly(bytes, leaver.key)] },
        };
      };
      const before = await sign();
      const answered = await stage.send(before.action, before.envelope);
      must(answered.kind === 'result', `expected an answer before, got ${JSON.stringify(answered)} for ${alice.name}`);
      await stage.trust({ revokedkeys: [leaver.fingerprint] });
      const after = await sign();
      return stage.refuses(after.action, after.envelope, ['key-revoked']);
    },
  },
  refused({
    name: 'old action',
    tried: 'an action that expired minutes ago',
    codes: ['expired'],
    make: (stage) =>
      byAlice(stage, { validfrom: toInstant(Date.now() - hourMs), expireafter: toInstant(Date.now() - hourMs / 4) }),
  }),
  refused({
    name: 'action for later',
    tried: 'an action that begins tomorrow',
    codes: ['not-yet-valid'],
    make: (stage) =>
      byAlice(stage, {
        validfrom: toInstant(Date.now() + 24 * hourMs),
        expireafter: toInstant(Date.now() + 24 * hourMs + 60_000),
      }),
  }),
  refused({
    name: 'action for ever',
    tried: 'a validity that is longer than the build allows',
    codes: ['window-too-long'],
    make: (stage) => byAlice(stage, { expireafter: toInstant(Date.now() + 24 * hourMs) }),
  }),
  refused({
    name: 'module that is not there',
    tried: 'a module that was left out of the build, and a name that objects have anyway',
    codes: ['unknown-module'],
    make: (stage) => byAlice(stage, { operations: [netstat, { module: 'constructor', parameters: {} }] }),
  }),
  refused({
    name: 'misspelt filter',
    tried: 'a parameter that the module does not know, which must not be ignored',
    codes: ['bad-parameters'],
    make: (stage) =>
      byAlice(stage, {
        operations: [{ module: 'file', parameters: { searches: { s1: { paths: ['/'], nmaes: ['x'] } } } }],
      }),
  }),
];

export const actionAttacks: readonly Attack[] = [...replays, ...alterations, ...signers];
