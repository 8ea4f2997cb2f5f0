/** The trust list that the drill's agents have. */
import { readFileSync } from 'node:fs';
import { Fingerprint } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import type { TrustList } from '../../protocol/trust/trust-list.ts';
import type { LabInvestigator } from '../lab/investigator-key.ts';
import { fleet } from './fleet.ts';
import type { People, RawPerson } from './people.ts';

export function toTrustList(people: People, version: number): TrustList {
  const { alice, alicesOther, bob, rsa, expired, revoked, weak, leaver, guest } = people;
  const lab = (name: string, ...keys: readonly LabInvestigator[]) => ({
    name,
    keys: keys.map(({ fingerprint }) => ({ fingerprint: Fingerprint.parse(fingerprint) })),
  });
  const listed = (name: string, { fingerprint, publicKeyFile }: LabInvestigator) => ({
    name,
    keys: [{ fingerprint: Fingerprint.parse(fingerprint), armored: readFileSync(publicKeyFile, 'utf8') }],
  });
  const raw = ({ name, fingerprint, armored }: RawPerson) => ({ name, keys: [{ fingerprint, armored }] });
  const others = [rsa, expired, revoked, weak, leaver];
  const weights = { alice: 2, bob: 1, guest: 2, ...Object.fromEntries(others.map(({ name }) => [name, 2])) };
  return {
    fleet,
    version,
    issued: toInstant(Date.now()),
    expires: toInstant(Date.now() + 200 * 24 * 3600 * 1000),
    investigators: [lab('alice', alice, alicesOther), lab('bob', bob), listed('guest', guest), ...others.map(raw)],
    acl: { default: { minimumWeight: 2, weights }, netstat: { minimumWeight: 3, weights } },
    revokedkeys: [],
    revokedactions: [],
  };
}
