/** An agent in a stranger's hands: it signs anything with a genuine key. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { signAgentBytes, toRawPublicKey } from '../../protocol/agent-message/agent-message.ts';
import { type AgentId, agentIdOf, newInstanceId, sha256Hex } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { toCanonicalJson } from '../../protocol/base/strict-json.ts';

/** DER of a PrivateKeyInfo for Ed25519 (RFC 8410, 7) up to the raw key. */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');

export class HostileAgent {
  readonly id: AgentId;
  readonly #key: KeyObject;

  /** @param name the same name has the same key. */
  constructor(name: string) {
    const raw = Buffer.from(sha256Hex(name), 'hex');
    this.#key = createPrivateKey({ key: Buffer.concat([privatePrefix, raw]), format: 'der', type: 'pkcs8' });
    this.id = agentIdOf(toRawPublicKey(createPublicKey(this.#key)));
  }

  /** Signs any bytes in the place of the message's JSON, and behind it. */
  sign(json: Uint8Array, sealed?: Uint8Array): Buffer {
    return signAgentBytes(json, this.#key, sealed);
  }
}

/** Of an agent that was started just now, before it is signed. */
export function newHeartbeat(fleet: string, facts: object): object {
  const time = toInstant(Date.now());
  return {
    kind: 'heartbeat',
    fleet,
    instance: newInstanceId(),
    sequence: 1,
    audit: { sequence: 0, hash: '0'.repeat(64) },
    reported: [],
    facts,
    link: 1,
    starttime: time,
    time,
  };
}

/** In canonical form when it is JSON: most inputs would be refused by their spelling alone. */
export function toCanonicalIfJson(input: Buffer): Buffer {
  try {
    return toCanonicalJson(JSON.parse(input.toString('utf8')));
  } catch {
    return input;
  }
}
