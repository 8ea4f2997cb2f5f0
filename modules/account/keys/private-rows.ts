/** Rows of private keys: in the homes of accounts and beside the settings of sshd. */
import { join } from 'node:path';
import type { Host } from '../host.ts';
import type { Row } from '../row.ts';
import { looksPrivate, parsePrivateKey } from './private-key.ts';
import type { PublicKey } from './public-key.ts';

/** A private key of 16,384 bits takes 13 KiB. */
const mostKeyBytes = 64 * 1024;
/** Files of that folder that never are private keys. */
const others = /\.pub$|^(?:known_hosts.*|authorized_keys.*|config|environment|rc|moduli|ssh_config|sshd_config)$/;
const likelyNames = /^id_|_key$|\.(?:key|pem|ppk)$|_(?:rsa|dsa|ecdsa|ed25519)$/;

export function toKeyPart(key: PublicKey | undefined): Row {
  if (key === undefined) return {};
  const { keytype, bits, fingerprint, md5 } = key;
  return { keytype, ...(bits === undefined ? {} : { keysize: bits }), fingerprint, md5 };
}

/** The verdict is in a protected file that was not read. */
const unknown: Row = { passphrase: null, keytype: null, keysize: null, fingerprint: null, md5: null };

export class PrivateKeyRows {
  readonly #host: Host;
  readonly #isAsked: boolean;
  readonly #seen = new Set<string>();

  /** @param isAsked whether the question is about private keys, so that protected ones are read. */
  constructor(host: Host, isAsked: boolean) {
    this.#host = host;
    this.#isAsked = isAsked;
  }

  /** Each folder once, also when several accounts have it. */
  *list(folder: string, identity: Row): Generator<Row> {
    if (this.#seen.has(folder)) return;
    this.#seen.add(folder);
    for (const name of this.#host.list('ssh', folder)) {
      if (others.test(name)) continue;
      const row = this.#toRow(join(folder, name), name);
      if (row !== undefined)
        yield { entry: 'privatekey', ...identity, ...row, path: this.#host.at(join(folder, name)) };
    }
  }

  #toRow(path: string, name: string): Row | undefined {
    // A question is not spent on keys that are not asked for; a likely name is told all the same.
    if (!this.#isAsked && !this.#host.isSecretOpen(path)) return undefined;
    const file = this.#host.readSecret('privatekey', path, { most: mostKeyBytes, isKey: looksPrivate });
    if (file.state === 'unknown') return likelyNames.test(name) ? unknown : undefined;
    if (file.state !== 'read') return undefined;
    const key = parsePrivateKey(file.bytes);
    return key && { passphrase: key.isEncrypted ? 'yes' : 'no', ...toKeyPart(key.publicKey) };
  }
}
