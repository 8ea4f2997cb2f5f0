/** Checks the investigators' key files: their content, their owner, and their fitness for signing and for answers. */
import { resolve } from 'node:path';
import type { PublicKey } from 'openpgp';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { BakedInvestigator } from '../../protocol/environment/environment.ts';
import { findKeyProblems, fingerprintOf, type KeyCode, readPublicKey } from '../../protocol/signatures/openpgp-keys.ts';
import type { EnvironmentInput } from '../config.ts';
import { readInputFile } from './input-file.ts';
import { type ConfigProblem, quote, toField } from './problem.ts';

type KeyInput = EnvironmentInput['investigators'][string]['keys'][number];
type BakedKey = BakedInvestigator['keys'][number];

export interface CheckedKeys {
  readonly investigators: readonly BakedInvestigator[];
  readonly problems: readonly ConfigProblem[];
}

const exportHint = 'write it with gpg --armor --export FINGERPRINT';

/** Messages and hints for a key file that is not one fit public key. */
const remedies: Readonly<Record<KeyCode, readonly [message: string, hint: string]>> = {
  'key-unreadable': ['expected an armored OpenPGP public key, got something else', exportHint],
  'key-is-private': [
    'expected a public key, got a PRIVATE key',
    `delete the file, consider that key compromised, make a new one, and export its public half: ${exportHint}`,
  ],
  'key-not-alone': ['expected one public key, got several', 'export each key into a file of its own'],
  'key-revoked': ['expected a key in use, got a revoked one', "remove it, or replace it with the person's new key"],
  'key-expired': [
    'expected a key that is valid now, got an expired one',
    'extend it with gpg --quick-set-expire, then export it again',
  ],
  'key-weak': [
    'expected a key on Ed25519 or a NIST curve, or RSA of 2048 bits or more, self-signed with SHA-256 or later and not in the future, got less',
    'make a new key with gpg --quick-generate-key NAME future-default',
  ],
  'key-cannot-sign': [
    'expected a key that can sign, got none that may and is strong enough',
    'add a subkey with gpg --quick-add-key FINGERPRINT ed25519 sign, then export it again',
  ],
  'key-cannot-encrypt': [
    'expected a key that can encrypt too, since answers are encrypted to it, got none that may and is strong enough',
    'add a subkey with gpg --quick-add-key FINGERPRINT cv25519 encr, then export it again',
  ],
};

function isKeyCode(code: string): code is KeyCode {
  return Object.hasOwn(remedies, code);
}

function describeAlgorithm(key: PublicKey): string {
  const { algorithm, bits, curve } = key.getAlgorithmInfo();
  return [algorithm, curve ?? bits].filter((part) => part !== undefined).join(' ');
}

function toProblem(code: KeyCode, field: string, key?: PublicKey): ConfigProblem {
  const [message, hint] = remedies[code];
  return { field, message: key === undefined ? message : `${message} (${describeAlgorithm(key)})`, hint };
}

/** openpgp.js reads only the first armored block: the text after it is checked here. */
function findBlockProblem(text: string): KeyCode | null {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY/.test(text)) return 'key-is-private';
  return text.split('-----BEGIN ').length > 2 ? 'key-not-alone' : null;
}

async function readKey(path: string, field: string): Promise<PublicKey | ConfigProblem> {
  const file = await readInputFile(path);
  if (file.kind === 'missing')
    return { field, message: `expected a key file, got none at ${quote(path)}`, hint: exportHint };
  if (file.kind === 'unreadable')
    return {
      field,
      message: `expected a readable key file, got ${file.why} at ${quote(path)}`,
      hint: 'check the path and its permissions',
    };
  const code = findBlockProblem(file.text);
  if (code !== null) return toProblem(code, field);
  try {
    return await readPublicKey(file.text);
  } catch (error) {
    if (error instanceof CodedError && isKeyCode(error.code)) return toProblem(error.code, field);
    throw error;
  }
}

/** Remembers the field of every key id. A signature names its key only by this id, so ids must not repeat. */
class SeenKeys {
  readonly #fields = new Map<string, string>();

  /** Records the key with its subkeys. @returns the field of a key that shares one of them. */
  add(key: PublicKey, field: string): string | undefined {
    let other: string | undefined;
    for (const part of key.getKeys()) {
      const id = part.getKeyID().toHex();
      other ??= this.#fields.get(id);
      this.#fields.set(id, field);
    }
    return other;
  }
}

interface KeyContext {
  readonly folder: string;
  readonly now: Date;
  readonly seen: SeenKeys;
  /** Root keys: nothing is ever encrypted to them. */
  readonly forSigningOnly: boolean;
}

async function checkKey(
  input: KeyInput,
  field: string,
  { folder, now, seen, forSigningOnly }: KeyContext,
): Promise<BakedKey | ConfigProblem[]> {
  const fileField = `${field}.file`;
  const key = await readKey(resolve(folder, input.file), fileField);
  if ('hint' in key) return [key];
  const found = await findKeyProblems(key, now);
  const unfit = forSigningOnly ? found.filter((code) => code !== 'key-cannot-encrypt') : found;
  const problems = unfit.map((code) => toProblem(code, fileField, key));
  const fingerprint = fingerprintOf(key);
  if (fingerprint !== input.fingerprint)
    problems.push({
      field: `${field}.fingerprint`,
      message: `expected ${fingerprint} as in ${quote(input.file)}, got ${input.fingerprint}`,
      hint: 'ask the owner, on another channel, which of the two is theirs before you change either',
    });
  const other = seen.add(key, field);
  if (other !== undefined)
    problems.push({
      field: fileField,
      message: `expected a key of its own, got the one of ${other}`,
      hint: 'one key belongs to one person and is listed once; remove one of the two',
    });
  return problems.length > 0 ? problems : { fingerprint, armored: key.armor() };
}

/**
 * @param folder what the file names are relative to.
 * @param field where the people stand in the config.
 */
export async function checkKeys(
  people: EnvironmentInput['investigators'],
  folder: string,
  field: readonly string[],
  now: Date,
  forSigningOnly = false,
): Promise<CheckedKeys> {
  const problems: ConfigProblem[] = [];
  const investigators: BakedInvestigator[] = [];
  const seen = new SeenKeys();
  for (const [name, person] of Object.entries(people)) {
    const keys: BakedKey[] = [];
    for (const [index, input] of person.keys.entries()) {
      const place = toField([...field, name, 'keys', index]);
      const checked = await checkKey(input, place, { folder, now, seen, forSigningOnly });
      if (Array.isArray(checked)) problems.push(...checked);
      else keys.push(checked);
    }
    investigators.push({ name, keys });
  }
  return { investigators, problems };
}
