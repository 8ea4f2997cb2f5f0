/** An agent in a stranger's hands: a genuine key, and whatever it likes to sign with it. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { toRawPublicKey } from '../../protocol/agent-message.ts';
import { type AgentId, agentIdOf, sha256Hex } from '../../protocol/identifiers.ts';
import { toCanonicalJson } from '../../protocol/strict-json.ts';

const context = Buffer.from('mig agent v3\n', 'utf8');

/** DER of a PrivateKeyInfo for Ed25519 (RFC 8410, 7) up to the raw key. */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');

export class HostileAgent {
  readonly id: AgentId;
  /** As every message of it must carry them. */
  readonly speaker: { readonly agent: AgentId; readonly publickey: string };
  readonly #key: KeyObject;

  /** @param name the same name has the same key. */
  constructor(name: string) {
    const raw = Buffer.from(sha256Hex(name), 'hex');
    this.#key = createPrivateKey({ key: Buffer.concat([privatePrefix, raw]), format: 'der', type: 'pkcs8' });
    const publicKey = toRawPublicKey(createPublicKey(this.#key));
    this.id = agentIdOf(publicKey);
    this.speaker = { agent: this.id, publickey: publicKey.toString('base64') };
  }

  /** Signs any bytes in the place of the message's JSON. */
  sign(json: Uint8Array): Buffer {
    const body = Buffer.concat([context, json]);
    return Buffer.concat([sign(null, body, this.#key), body]);
  }
}

/** In canonical form when it is JSON at all, so that more than its spelling is looked at. */
export function toCanonicalIfJson(input: Buffer): Buffer {
  try {
    return toCanonicalJson(JSON.parse(input.toString('utf8')));
  } catch {
    return input;
  }
}
