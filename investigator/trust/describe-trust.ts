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

/** One line for each version that agents go by, with those that are to be worried about. */
export function summariseTrust(statuses: readonly TrustStatus[], nowMs: number): string[] {
  const byVersion = new Map<number, TrustStatus[]>();
  for (const status of statuses) byVersion.set(status.version, [...(byVersion.get(status.version) ?? []), status]);
  const newest = Math.max(...byVersion.keys());
  return [...byVersion].flatMap(([version, group]) => {
    const agents = plural(group.length, 'agent', 'agents');
    if (version < newest) return [`${agents} still at trust list ${version}, others have ${newest}`];
    const expires = group[0]?.expires ?? null;
    const warning = expires === null ? undefined : warnOfExpiry(expires, nowMs);
    return warning === undefined ? [] : [`trust list ${version} of ${agents} ${warning}`];
  });
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
