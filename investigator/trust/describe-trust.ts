/** Trust lists in words, and when it is time for the next one. */

import { escapeWord } from '../../protocol/base/escape.ts';
import { plural } from '../../protocol/base/plural.ts';
import type { TrustList } from '../../protocol/trust/trust-list.ts';
import { type TrustCode, trustRefusals } from '../../protocol/trust/trust-refusals.ts';
import type { TrustStatus } from '../../protocol/trust/trust-status.ts';

function isTrustCode(code: string): code is TrustCode {
  return Object.hasOwn(trustRefusals, code);
}

const dayMs = 24 * 3600 * 1000;
/** Days before the expiry from which on it is said, and how. */
const warnings = [
  { days: 7, says: 'sign and publish a new one now' },
  { days: 30, says: 'sign and publish a new one soon' },
  { days: 90, says: 'a new one will be needed' },
];

/** Undefined when there is nothing to say yet. */
export function warnOfExpiry(expires: string, nowMs: number): string | undefined {
  const leftMs = Date.parse(expires) - nowMs;
  if (leftMs <= 0) return 'has expired: agents go by what is baked in, less everything that was ever revoked';
  const warning = warnings.find(({ days }) => leftMs <= days * dayMs);
  if (warning === undefined) return undefined;
  return `expires in ${plural(Math.ceil(leftMs / dayMs), 'day', 'days')}: ${warning.says}`;
}

interface Version {
  readonly expires: string | null;
  agents: number;
  /** How many go by each list of this version; agents of earlier builds do not tell. */
  readonly byDigest: Map<string, number>;
}

/** The versions that agents go by, without keeping who said which. */
export class TrustVersions {
  readonly #versions = new Map<number, Version>();
  /** Agents by the list that they did not take, and the reason. */
  readonly #refusals = new Map<string, Map<string, number>>();

  add({ version, expires, digest, refused }: TrustStatus): void {
    if (refused !== undefined) {
      const byCode = this.#refusals.get(refused.digest) ?? new Map<string, number>();
      this.#refusals.set(refused.digest, byCode.set(refused.code, (byCode.get(refused.code) ?? 0) + 1));
    }
    const known = this.#versions.get(version) ?? { expires, agents: 0, byDigest: new Map() };
    known.agents += 1;
    if (digest !== undefined) known.byDigest.set(digest, (known.byDigest.get(digest) ?? 0) + 1);
    this.#versions.set(version, known);
  }

  /** Agents that said which list they go by. */
  get agents(): number {
    return [...this.#versions.values()].reduce((sum, { agents }) => sum + agents, 0);
  }

  /** Agents that go by this list. @param digest as agents tell it, SHA-256 of the signed bytes. */
  count(version: number, digest: string): number {
    return this.#versions.get(version)?.byDigest.get(digest) ?? 0;
  }

  /** Why agents do not go by this list, as they say themselves: one line for each reason. Escaped. */
  describeRefusals(digest: string): string[] {
    return [...(this.#refusals.get(digest) ?? [])].map(([code, count]) => {
      const why = isTrustCode(code) ? ` (${trustRefusals[code]})` : '';
      return `${plural(count, 'agent has', 'agents have')} refused it: ${escapeWord(code)}${why}`;
    });
  }

  /** One line for each version that is to be worried about. */
  summarise(nowMs: number): string[] {
    const newest = [...this.#versions.keys()].reduce((highest, version) => Math.max(highest, version), 0);
    return [...this.#versions].flatMap(([version, { expires, agents: count, byDigest }]) => {
      const agents = plural(count, 'agent', 'agents');
      const isForked = byDigest.size > 1;
      const forked = `${agents} go by ${byDigest.size} different trust lists ${version}: root keys have signed each of them`;
      if (version < newest)
        return [...(isForked ? [forked] : []), `${agents} still at trust list ${version}, others have ${newest}`];
      const warning = expires === null ? undefined : warnOfExpiry(expires, nowMs);
      return [
        ...(isForked ? [forked] : []),
        ...(warning === undefined ? [] : [`trust list ${version} of ${agents} ${warning}`]),
      ];
    });
  }
}

/** Lines that are safe to print: every field has passed its schema. */
export function describeTrustList(list: TrustList): string[] {
  const { fleet, version, issued, expires, investigators, acl, revokedkeys, revokedactions } = list;
  return [
    `trust list ${version} of ${fleet}, issued ${issued}, expires ${expires}`,
    ...investigators.map(({ name, keys }) => `  ${name}: ${keys.map(({ fingerprint }) => fingerprint).join(', ')}`),
    ...Object.entries(acl).map(([module, { minimumWeight, weights }]) => {
      const people = Object.entries(weights).map(([name, weight]) => `${name} ${weight}`);
      return `  ${module}: weight ${minimumWeight} of ${people.join(', ')}`;
    }),
    ...(revokedkeys.length === 0 ? [] : [`  revoked keys: ${revokedkeys.join(', ')}`]),
    ...(revokedactions.length === 0 ? [] : [`  revoked actions: ${revokedactions.join(', ')}`]),
  ];
}
