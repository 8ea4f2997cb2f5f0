/** The public halves of root keys, by environment: what a trust list must be signed by before this relay carries it. */
import { dirname, resolve } from 'node:path';
import type { PublicKey } from 'openpgp';
import * as z from 'zod';
import { readTextFile } from '../../host/text-file.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { BakedRootKeys } from '../../protocol/environment/environment.ts';
import { EnvironmentName, PersonName } from '../../protocol/environment/names.ts';
import { fingerprintOf, readPublicKey } from '../../protocol/signatures/openpgp-keys.ts';
import { type RootKeys, type TrustEnvelope, verifyTrustSignatures } from '../../protocol/trust/trust-list.ts';
import type { TrustCode } from '../../protocol/trust/trust-refusals.ts';

type RootKeysCode = 'root-keys-unreadable';

/** `rootkeys` as in build.config.ts, with files of armored public keys beside this one. */
const RootKeysFile = z.record(
  EnvironmentName,
  z.strictObject({
    threshold: BakedRootKeys.shape.threshold,
    people: z.record(PersonName, z.array(z.string().min(1)).min(1)),
  }),
);

interface Roots extends RootKeys {
  readonly keys: readonly PublicKey[];
}

async function readRoots(
  { threshold, people }: z.infer<typeof RootKeysFile>[string],
  toPath: (file: string) => string,
): Promise<Roots> {
  const keys: PublicKey[] = [];
  const read = Object.entries(people).map(async ([name, files]) => ({
    name,
    keys: await Promise.all(
      files.map(async (file) => {
        const armored = readTextFile(toPath(file));
        const key = await readPublicKey(armored);
        keys.push(key);
        return { fingerprint: fingerprintOf(key), armored };
      }),
    ),
  }));
  const roots = { threshold, people: await Promise.all(read), keys };
  if (threshold > roots.people.length)
    throw new Error(`expected a threshold of at most ${roots.people.length}, the number of people, got ${threshold}`);
  return roots;
}

export class RootKeyring {
  readonly #roots: ReadonlyMap<string, Roots>;

  private constructor(roots: ReadonlyMap<string, Roots>) {
    this.#roots = roots;
  }

  /** @param file null has no keys. @throws CodedError<RootKeysCode> */
  static async read(file: string | null): Promise<RootKeyring> {
    const roots = new Map<string, Roots>();
    if (file === null) return new RootKeyring(roots);
    try {
      const named = RootKeysFile.parse(JSON.parse(readTextFile(file)));
      for (const [fleet, one] of Object.entries(named))
        roots.set(fleet, await readRoots(one, (name) => resolve(dirname(file), name)));
    } catch (cause) {
      throw new CodedError<RootKeysCode>('root-keys-unreadable', `${file}: ${toMessage(cause)}`, {
        hint: 'MIG_ROOT_KEYS names a JSON file: {"production": {"threshold": 2, "people": {"carol": ["carol.asc"], …}}}',
        cause,
      });
    }
    return new RootKeyring(roots);
  }

  /** Nothing in the list is read before. @throws CodedError<TrustCode> */
  async verify(fleet: string, envelope: TrustEnvelope, latest: Date): Promise<void> {
    const roots = this.#roots.get(fleet);
    if (roots === undefined)
      throw new CodedError<TrustCode>(
        'trust-not-configured',
        `expected root keys of ${fleet} at this relay, got none`,
        {
          hint: 'its operator sets MIG_ROOT_KEYS: the relay carries no list that it cannot check',
        },
      );
    await verifyTrustSignatures(envelope, roots, roots.keys, latest);
  }
}
