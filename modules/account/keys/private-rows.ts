/** Rows of private keys: in the homes of accounts and beside the settings of sshd. */
import { join } from 'node:path';
import type { SkipReason } from '../../../protocol/result/result.ts';
import type { Host } from '../../kit/files/host.ts';
import type { Row } from '../row.ts';
import { looksPrivate, type PrivateKey, parsePrivateKey } from './private-key.ts';
import type { PublicKey } from './public-key.ts';

/** A private key of 16,384 bits takes 13 KiB. */
const mostKeyBytes = 64 * 1024;
/** Files of one folder that are looked at. */
const mostFiles = 1000;
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

interface SecretRead {
  readonly key?: PrivateKey | undefined;
  /** Why it was not read. */
  readonly gap?: SkipReason;
}

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
    const names = this.#host.list('ssh', folder).filter((name) => !others.test(name));
    let found = 0;
    // Whoever owns the folder may have filled it.
    let gap: SkipReason | undefined = names.length > mostFiles ? 'size-limit' : undefined;
    for (const name of names.slice(0, mostFiles)) {
      const read = this.#read(join(folder, name));
      gap ??= read.gap;
      const part =
        read.key === undefined
          ? likelyPart(name, read)
          : { passphrase: verdictOf(read.key), ...toKeyPart(read.key.publicKey) };
      if (part === undefined) continue;
      found += 1;
      yield { entry: 'privatekey', ...identity, ...part, path: this.#host.at(join(folder, name)) };
    }
    if (found > 0 || gap !== undefined) this.#host.report('privatekey', folder, found, gap);
  }

  /** A question is not spent on keys that are not asked for. */
  #read(path: string): SecretRead {
    if (!this.#isAsked && !this.#host.isSecretOpen(path)) return {};
    const file = this.#host.readSecret(path, { most: mostKeyBytes, isKey: looksPrivate });
    if (file.state === 'unread') return { gap: file.reason };
    return file.state === 'read' ? { key: parsePrivateKey(file.bytes) } : {};
  }
}

function verdictOf({ isEncrypted }: PrivateKey): 'yes' | 'no' {
  return isEncrypted ? 'yes' : 'no';
}

/** A file that was asked for and not read is a key by its name alone. */
function likelyPart(name: string, { gap }: SecretRead): Row | undefined {
  return gap !== undefined && likelyNames.test(name) ? unknown : undefined;
}
