/** Trust lists in words, and when it is time for the next one. */
import type { TrustList } from '../../protocol/trust-list.ts';
import type { TrustStatus } from '../../protocol/trust-status.ts';
import { plural } from '../output/plural.ts';

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

/** The versions that agents go by, without keeping who said which. */
export class TrustVersions {
  readonly #versions = new Map<number, { readonly expires: string | null; agents: number }>();

  add({ version, expires }: TrustStatus): void {
    const known = this.#versions.get(version) ?? { expires, agents: 0 };
    known.agents += 1;
    this.#versions.set(version, known);
  }

  /** Agents that go by this version, or, without one, all that said which. */
  count(version?: number): number {
    if (version !== undefined) return this.#versions.get(version)?.agents ?? 0;
    return [...this.#versions.values()].reduce((sum, { agents }) => sum + agents, 0);
  }

  /** One line for each version that is to be worried about. */
  summarise(nowMs: number): string[] {
    const newest = [...this.#versions.keys()].reduce((highest, version) => Math.max(highest, version), 0);
    return [...this.#versions].flatMap(([version, { expires, agents: count }]) => {
      const agents = plural(count, 'agent', 'agents');
      if (version < newest) return [`${agents} still at trust list ${version}, others have ${newest}`];
      const warning = expires === null ? undefined : warnOfExpiry(expires, nowMs);
      return warning === undefined ? [] : [`trust list ${version} of ${agents} ${warning}`];
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
