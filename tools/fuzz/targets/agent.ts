/** The agent's parsers: of commands, which any relay may send, and of actions, which any investigator may sign. */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey, type PrivateKey } from 'openpgp';
import type * as z from 'zod';
import { TrustStore } from '../../../agent/state/trust-store.ts';
import { toyFacts } from '../../../agent/testing/toy-facts.ts';
import type { Verdict } from '../../../agent/verify/verdict.ts';
import type { Verifier } from '../../../agent/verify/verifier.ts';
import { verifyAction } from '../../../agent/verify/verify-action.ts';
import type { ModuleLoader } from '../../../modules/registry.ts';
import { loadModules } from '../../../modules/registry.ts';
import { actionContext, type Envelope, parseSignedBytes, toSignedBytes } from '../../../protocol/action/envelope.ts';
import { AgentId, Fingerprint, sha256Hex } from '../../../protocol/base/identifiers.ts';
import { toInstant } from '../../../protocol/base/instant.ts';
import { maximumCommandBytes } from '../../../protocol/base/limits.ts';
import { boundsOf, parseJson, toCanonicalJson } from '../../../protocol/base/strict-json.ts';
import { BakedEnvironment } from '../../../protocol/environment/environment.ts';
import { CommandMessage } from '../../../protocol/topology.ts';
import { trustContext } from '../../../protocol/trust/trust-list.ts';
import { signPlainly } from '../../drill/signature-tricks.ts';
import { toCanonicalIfJson } from '../hostile-agent.ts';
import { type FuzzTarget, type PreparedTarget, takenOrRefused } from '../target.ts';
import { seedAction, seedTrustList } from './protocol.ts';

/** Only the schemas of modules are used; none runs. */
const table = Object.fromEntries(
  [...(await loadModules()).values()].map((module): [string, ModuleLoader] => {
    const loadRun = () => Promise.reject(new Error('expected no module to run'));
    return [module.name, { loadModule: async () => module, loadRun }];
  }),
);

async function newVerifier(key: PrivateKey): Promise<Verifier> {
  const environment = BakedEnvironment.parse({
    name: seedAction.fleet,
    relay: { url: 'amqp://localhost', ca: null, clientCertificate: null, proxies: [] },
    investigators: [
      {
        name: 'alice',
        keys: [{ fingerprint: Fingerprint.parse(key.getFingerprint()), armored: key.toPublic().armor() }],
      },
    ],
    acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
    tags: {},
    limits: {},
    modules: Object.keys(table),
    needs: ['files'],
    heartbeatSeconds: 60,
  });
  const { investigators, acl } = environment;
  const keys = [key.toPublic()];
  const nobody = { revokedKeys: new Set<never>(), revokedActions: new Set<never>() };
  return {
    environment,
    trust: () => ({ investigators, acl, ...nobody, readKeys: async () => keys }),
    modules: table,
    agent: AgentId.parse(sha256Hex('fuzzed agent')),
    startedMs: Date.now(),
    readFacts: () => toyFacts,
    matchRegex: (pattern, caseInsensitive, text) => new RegExp(pattern, caseInsensitive ? 'i' : '').test(text),
  };
}

interface Bench {
  readonly key: PrivateKey;
  readonly verifier: Verifier;
  /** Signed by the one known key. */
  readonly toEnvelope: (bytes: Uint8Array) => Envelope;
  readonly seed: Buffer;
}

async function newBench(): Promise<Bench> {
  const { privateKey: key } = await generateKey({
    userIDs: [{ name: 'alice' }],
    type: 'rsa',
    rsaBits: 2048,
    date: new Date(Date.now() - 3_600_000),
    format: 'object',
  });
  const seed = toSignedBytes({
    ...seedAction,
    validfrom: toInstant(Date.now() - 60_000),
    expireafter: toInstant(Date.now() + 86_400_000),
    operations: [...seedAction.operations],
    readers: [...seedAction.readers],
  });
  return {
    key,
    verifier: await newVerifier(key),
    toEnvelope: (bytes) => ({
      payload: Buffer.from(bytes).toString('base64'),
      signatures: [signPlainly(bytes, key)],
    }),
    seed,
  };
}

function isAcceptedAs(bytes: Uint8Array, verdict: Verdict): boolean {
  if (verdict.kind !== 'accepted') return false;
  assert.ok(toSignedBytes(verdict.action).equals(bytes));
  assert.equal(verdict.digest, sha256Hex(bytes));
  return true;
}

/** As agent/run/command-handler.ts takes a delivery. */
function parseCommand(input: Buffer): z.infer<typeof CommandMessage> | null {
  const codes = ['json-too-large', 'json-too-deep', 'json-too-many-values', 'json-malformed'];
  const value = takenOrRefused(codes, () => ({ json: parseJson(input, boundsOf(maximumCommandBytes)) }));
  return value === null ? null : (CommandMessage.safeParse(value.json).data ?? null);
}

const command: FuzzTarget = {
  name: 'command',
  side: 'agent',
  holds: 'of all that a relay can send, only what was signed is accepted',
  prepare: async (): Promise<PreparedTarget> => {
    const { verifier, toEnvelope, seed } = await newBench();
    const id = 'f'.repeat(32);
    return {
      seeds: [Buffer.from(JSON.stringify({ id, envelope: toEnvelope(seed) }))],
      take: async (input) => {
        const parsed = parseCommand(input);
        if (parsed === null) return false;
        return isAcceptedAs(seed, await verifyAction(verifier, parsed.envelope, Date.now()));
      },
    };
  },
};

const signedAction: FuzzTarget = {
  name: 'signed-action',
  side: 'agent',
  holds: 'whatever an investigator signs is accepted as it was signed, or refused by name',
  prepare: async (): Promise<PreparedTarget> => {
    const { verifier, toEnvelope, seed } = await newBench();
    parseSignedBytes(seed);
    return {
      seeds: [seed.subarray(actionContext.length)],
      take: async (input) => {
        const bytes = Buffer.concat([Buffer.from(actionContext), toCanonicalIfJson(input)]);
        return isAcceptedAs(bytes, await verifyAction(verifier, toEnvelope(bytes), Date.now()));
      },
    };
  },
};

const trustList: FuzzTarget = {
  name: 'trust-store',
  side: 'agent',
  holds: 'whatever enough root keys sign is in force as it was signed, or refused by name, and the agent goes on',
  prepare: async (): Promise<PreparedTarget> => {
    const { key, verifier } = await newBench();
    const { investigators } = verifier.environment;
    const environment = { ...verifier.environment, rootkeys: { people: investigators, threshold: 1 } };
    const directory = mkdtempSync(join(tmpdir(), 'mig-fuzz-'));
    const [person] = investigators;
    const list = { ...seedTrustList, investigators: [{ name: 'alice', keys: person?.keys ?? [] }], revokedkeys: [] };
    return {
      seeds: [toCanonicalJson(list)],
      take: async (input) => {
        const bytes = Buffer.concat([Buffer.from(trustContext), toCanonicalIfJson(input)]);
        const store = await TrustStore.open(directory, environment);
        const envelope = { payload: bytes.toString('base64'), signatures: [signPlainly(bytes, key)] };
        const outcome = await store.receive(envelope, Date.now());
        assert.equal(existsSync(join(directory, 'trust.json')), outcome.kind === 'taken');
        if (outcome.kind !== 'taken') return false;
        assert.deepEqual((await TrustStore.open(directory, environment)).status, store.status);
        await store.current(Date.now()).readKeys();
        rmSync(join(directory, 'trust.json'));
        return true;
      },
      close: async () => rmSync(directory, { recursive: true, force: true }),
    };
  },
};

export const agentTargets: readonly FuzzTarget[] = [command, signedAction, trustList];
