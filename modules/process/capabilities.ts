/** Sets of Linux capabilities as names. @see capabilities(7) */
import { readFileSync } from 'node:fs';
import { capabilityNames as names } from '../kit/capability-names.ts';

/** A larger set is described by its missing ones. */
const mostListed = names.length / 2;

/** Highest bit that this kernel knows; by default that of the list of names. */
export function readLastCapability(): number {
  try {
    return Number.parseInt(readFileSync('/proc/sys/kernel/cap_last_cap', 'latin1'), 10);
  } catch {
    return names.length - 1;
  }
}

/** `['all']`, or the names of a set, with `cap_43` for bits without a name. */
export function toCapabilityNames(set: bigint, last: number): string[] {
  const bits = Array.from({ length: 64 }, (_, bit) => bit).filter((bit) => ((set >> BigInt(bit)) & 1n) === 1n);
  if (bits.filter((bit) => bit <= last).length === last + 1) return ['all'];
  return bits.map((bit) => `cap_${names[bit] ?? bit}`);
}

/** For people: a nearly full set is described by its missing capabilities. */
export function describeCapabilities(held: readonly string[]): string {
  if (held.length <= mostListed) return held.join(' ');
  const missing = names.map((name) => `cap_${name}`).filter((name) => !held.includes(name));
  return `all but ${missing.join(' ')}`;
}
