/** Public addresses: all that IANA has not reserved for uses outside of Internet routing. */
import { type Address, parseRange, RangeTable } from './address.ts';

/**
 * Not globally reachable, or multicast.
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry
 */
const notPublic = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/127',
  '64:ff9b:1::/48',
  '100::/64',
  '2001:2::/48',
  '2001:db8::/32',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** Built on first use: every program imports this at its start, but few use it. */
let table: RangeTable<true> | undefined;

function toTable(): RangeTable<true> {
  const made = new RangeTable<true>();
  for (const text of notPublic) {
    const range = parseRange(text);
    if (range !== undefined) made.add(range, true);
  }
  return made;
}

export function isPublic(address: Address): boolean {
  table ??= toTable();
  return table.find(address).length === 0;
}
