/** Whose signatures this investigator can check: keys from people and files, never from the server. */
import type { PublicKey } from 'openpgp';
import type { Flag, FlagValues } from '../../modules/kit/flag.ts';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import type { Settings } from '../cli/settings.ts';
import type { InvestigatorKey } from './investigator-key.ts';

export interface KnownKey {
  /** The investigator's name for the owner: that of the file. */
  readonly name: string;
  readonly fingerprint: Fingerprint;
  readonly key: PublicKey;
}

export const knownKeysFlag: Flag = {
  name: 'keys',
  kind: 'string',
  repeatable: true,
  value: 'path',
  help: 'Public key of someone who may have signed, or a folder of such *.asc files; MIG_KEYS unless given.',
};

/** The folder of keys that the command or the settings name. */
export function toKeyPaths(values: FlagValues, { keysPath }: Settings): readonly string[] {
  if (Array.isArray(values.keys)) return values.keys;
  return keysPath === undefined ? [] : [keysPath];
}

/** One's own key is known, too. @throws CodedError<PublicKeyFileCode | InvestigatorKeyCode> */
export async function readKnownKeys(paths: readonly string[], own: InvestigatorKey): Promise<KnownKey[]> {
  const [{ readPublicKeyFiles }, { readPublicKey }] = await Promise.all([
    import('./public-key-file.ts'),
    import('../../protocol/signatures/openpgp-keys.ts'),
  ]);
  const files = await readPublicKeyFiles(paths);
  const mine = { name: 'you', fingerprint: own.fingerprint, key: await readPublicKey(await own.exportPublic()) };
  return [mine, ...files.filter(({ fingerprint }) => fingerprint !== own.fingerprint)];
}
