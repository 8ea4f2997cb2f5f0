/** Parsers that every party has: JSON, signed bytes, OpenPGP, the target language. */
import assert from 'node:assert/strict';
import { generateKey, type PrivateKey } from 'openpgp';
import { actionContext, parseSignedBytes, toSignedBytes } from '../../../protocol/action/envelope.ts';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { ActionId, Fingerprint } from '../../../protocol/base/identifiers.ts';
import { toInstant } from '../../../protocol/base/instant.ts';
import { parseCanonicalJson, parseJson, toCanonicalJson } from '../../../protocol/base/strict-json.ts';
import { readPublicKey } from '../../../protocol/signatures/openpgp-keys.ts';
import { verifyDetached } from '../../../protocol/signatures/signatures.ts';
import { evaluateTarget, type TargetFacts } from '../../../protocol/target/evaluate.ts';
import { parseTarget } from '../../../protocol/target/parser.ts';
import { TargetError } from '../../../protocol/target/target-error.ts';
import { toText } from '../../../protocol/target/to-text.ts';
import { parseTrustBytes, type TrustList, toTrustBytes } from '../../../protocol/trust/trust-list.ts';
import { signRaw, toSignaturePacket } from '../../drill/raw-signature.ts';
import { signPlainly, toArmor } from '../../drill/signature-tricks.ts';
import { type FuzzTarget, takenOrRefused, toSeeds } from '../target.ts';

const jsonCodes = ['json-too-large', 'json-too-deep', 'json-too-many-values', 'json-malformed', 'json-not-canonical'];
const bounds = { maxBytes: 32 * 1024, maxValues: 1024, maxDepth: 32 };

const strictJson: FuzzTarget = {
  name: 'strict-json',
  side: 'everyone',
  holds: 'a value has one text: what parses as canonical is written the same again',
  prepare: async () => ({
    seeds: toSeeds('{"a":[1,2.5,-1e+21,"é\\n",null,true],"b":{"c":""}}', '[[[]]]', '"\u20ac\\ud83d"', '1e21'),
    take: (input) => {
      const loose = takenOrRefused(jsonCodes, () => ({ value: parseJson(input, bounds) }));
      const strict = takenOrRefused(jsonCodes, () => ({ value: parseCanonicalJson(input, bounds) }));
      if (strict === null) return false;
      assert.deepEqual(loose, strict);
      assert.ok(toCanonicalJson(strict.value).equals(input));
      return true;
    },
  }),
};

/** An action that uses what the form allows. */
export const seedAction = {
  syntaxversion: 3,
  id: ActionId.parse('0123456789abcdef0123456789abcdef'),
  fleet: 'fuzzed',
  name: 'who has this file?',
  description: { author: 'Alice', email: 'alice@example.org', url: 'https://example.org', revision: 201601 },
  threat: { ref: 'CVE-2014-6271', level: 'high', family: 'shellshock', type: 'bug' },
  target: "environment->>'os' = 'linux' AND name LIKE 'web%'",
  validfrom: toInstant(1_700_000_000_000),
  expireafter: toInstant(1_700_000_600_000),
  operations: [
    { module: 'file', parameters: { searches: { s1: { paths: ['/etc'], names: ['^passwd$'] } } } },
    { module: 'netstat', parameters: { connectedip: ['10.0.0.0/8'] } },
  ],
  limits: { seconds: 60, resultbytes: 65_536 },
  replykey: Buffer.alloc(32, 7).toString('base64'),
  wrappedreplykeydigest: 'c'.repeat(64),
  readers: [Fingerprint.parse('A'.repeat(40))],
} as const;

const signedBytes: FuzzTarget = {
  name: 'signed-bytes',
  side: 'everyone',
  holds: 'the action that is read is the action that was signed, byte for byte',
  prepare: async () => ({
    seeds: [toSignedBytes({ ...seedAction, operations: [...seedAction.operations], readers: [...seedAction.readers] })],
    take: (input) => {
      const action = takenOrRefused(['malformed'], () => parseSignedBytes(input));
      if (action !== null) assert.ok(toSignedBytes(action).equals(input));
      return action !== null;
    },
  }),
};

/** A trust list that uses what the form allows. */
export const seedTrustList: TrustList = {
  fleet: 'fuzzed',
  version: 7,
  issued: toInstant(1_700_000_000_000),
  expires: toInstant(4_000_000_000_000),
  investigators: [{ name: 'alice', keys: [{ fingerprint: Fingerprint.parse('A'.repeat(40)) }] }],
  acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
  revokedkeys: [Fingerprint.parse('B'.repeat(40))],
  revokedactions: [ActionId.parse('0123456789abcdef0123456789abcdef')],
};

const trustBytes: FuzzTarget = {
  name: 'trust-list',
  side: 'everyone',
  holds: 'the list that is read is the list that was signed, byte for byte',
  prepare: async () => ({
    seeds: [toTrustBytes(seedTrustList)],
    take: (input) => {
      const list = takenOrRefused(['trust-malformed'], () => parseTrustBytes(input));
      if (list !== null) assert.ok(toTrustBytes(list).equals(input));
      return list !== null;
    },
  }),
};

function newRsaKey(): Promise<{ privateKey: PrivateKey }> {
  const date = new Date(Date.now() - 3_600_000);
  return generateKey({ userIDs: [{ name: 'alice' }], type: 'rsa', rsaBits: 2048, date, format: 'object' });
}

const bytes = Buffer.from(`${actionContext}{}`);

const signatureArmor: FuzzTarget = {
  name: 'signature-armor',
  side: 'everyone',
  holds: 'a signature that is good is the signature that was made, in any armor',
  prepare: async () => {
    const { privateKey } = await newRsaKey();
    const key = privateKey.toPublic();
    const honest = signPlainly(bytes, privateKey);
    const signature = (text: string): string => text.replaceAll(/-----[^-]*-----|^[A-Z].*: .*$|^=.*$|\s/gm, '');
    return {
      seeds: toSeeds(
        honest,
        honest.replace('\n\n', '\nComment: x\n\n'),
        honest.replace('\n-----END', '\n=aaaa\n-----END'),
      ),
      take: async (input) => {
        const outcome = await verifyDetached(bytes, input.toString('latin1'), [key], new Date(Date.now() + 60_000));
        if (outcome.kind === 'valid') assert.equal(signature(input.toString('latin1')), signature(honest));
        return outcome.kind === 'valid';
      },
    };
  },
};

const signaturePacket: FuzzTarget = {
  name: 'signature-packet',
  side: 'everyone',
  holds: 'a signature that is good has the signed part and the numbers of the one that was made',
  prepare: async () => {
    const { privateKey } = await newRsaKey();
    const key = privateKey.toPublic();
    const body = signRaw(bytes, privateKey);
    const signedPartEnd = 6 + body.readUInt16BE(4);
    const signed = body.subarray(0, signedPartEnd);
    const numbers = body.subarray(signedPartEnd + 2 + body.readUInt16BE(signedPartEnd));
    return {
      seeds: [toSignaturePacket(body), toSignaturePacket(signRaw(bytes, privateKey, { hash: 'sha1' }))],
      take: async (input) => {
        const outcome = await verifyDetached(bytes, toArmor(input), [key], new Date(Date.now() + 60_000));
        if (outcome.kind === 'valid') assert.ok(input.includes(signed) && input.includes(numbers));
        return outcome.kind === 'valid';
      },
    };
  },
};

const publicKey: FuzzTarget = {
  name: 'public-key',
  side: 'everyone',
  holds: 'a key file is one public key, or refused by name',
  prepare: async () => {
    const { privateKey } = await generateKey({ userIDs: [{ name: 'alice' }], format: 'object' });
    return {
      seeds: toSeeds(privateKey.toPublic().armor(), privateKey.armor()),
      take: async (input) => {
        try {
          assert.equal((await readPublicKey(input.toString('latin1'))).isPrivate(), false);
          return true;
        } catch (error) {
          if (!(error instanceof CodedError)) throw error;
          return false;
        }
      },
    };
  },
};

const facts: TargetFacts = {
  id: 'a'.repeat(64),
  name: 'web1.example.org',
  queueloc: 'linux.web1',
  mode: 'daemon',
  version: '1.0',
  environment: { os: 'linux', addresses: ['10.0.0.1/24'] },
  tags: { team: 'web' },
  starttime: '2026-01-31T07:00:00Z',
  relayTime: { earliestMs: 0, latestMs: 1 },
};

const target: FuzzTarget = {
  name: 'target',
  side: 'everyone',
  holds: 'a target that is read is written and read again to the same tree, and is decided for an agent',
  prepare: async () => ({
    seeds: toSeeds(
      'all',
      "name LIKE '%web%' AND environment->>'os' = 'linux'",
      "tags->>'team' IN ('a', 'b''c') OR NOT (mode = 'checkin')",
      "starttime > NOW() - INTERVAL '10 minutes' AND queueloc ILIKE 'LINUX.%'",
      "name ~* '^(web|db)[0-9]{1,3}$' AND id IS NULL",
      "starttime < '2026-01-31T07:00:00Z' AND name <> 'x' AND name !~ 'a|b'",
    ),
    take: (input) => {
      try {
        const tree = parseTarget(input.toString('utf8'));
        const text = toText(tree);
        // A written text may be longer than a text that may be read.
        if (text.length <= input.length) assert.deepEqual(parseTarget(text), tree);
        evaluateTarget(tree, facts, () => true);
        return true;
      } catch (error) {
        if (!(error instanceof TargetError)) throw error;
        return false;
      }
    },
  }),
};

export const protocolTargets: readonly FuzzTarget[] = [
  strictJson,
  signedBytes,
  trustBytes,
  signatureArmor,
  signaturePacket,
  publicKey,
  target,
];
