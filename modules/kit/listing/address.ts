/** IP addresses and ranges as numbers: parsing, and looking up an address in many ranges at once. */
import { isIPv4, isIPv6 } from 'node:net';

export interface Address {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

interface AddressRange {
  readonly address: Address;
  /** Length of the prefix in bits. */
  readonly prefixLength: number;
}

const widths = { 4: 32, 6: 128 } as const;
/** ::ffff:0:0/96, IPv4-mapped IPv6. */
const mappedPrefix = 0xffffn;
const mappedPrefixLength = 96;

function parseIpv4(text: string): bigint {
  return BigInt(text.split('.').reduce((bits, octet) => bits * 256 + Number(octet), 0));
}

/** The groups on one side of `::`; a dotted quad at the end counts as two. */
function toGroups(text: string): bigint[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [BigInt(`0x${group}`)];
    const quad = parseIpv4(group);
    return [quad >> 16n, quad & 0xffffn];
  });
}

function parseIpv6(text: string): bigint {
  const [head = '', tail] = text.split('::');
  const before = toGroups(head);
  const after = toGroups(tail ?? '');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0n);
  return [...before, ...zeros, ...after].reduce((bits, group) => (bits << 16n) | group, 0n);
}

/** Without a zone; IPv4-mapped IPv6 becomes IPv4. Undefined when malformed. */
export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { family: 4, bits: parseIpv4(text) };
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const bits = parseIpv6(text);
  return bits >> 32n === mappedPrefix ? { family: 4, bits: bits & 0xffffffffn } : { family: 6, bits };
}

/** `10.0.0.0/8`, `2001:db8::/32`, or a single address; undefined when malformed. */
export function parseRange(text: string): AddressRange | undefined {
  const [, addressText = '', lengthText] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = parseAddress(addressText);
  if (address === undefined) return undefined;
  const isMapped = address.family === 4 && addressText.includes(':');
  const written = lengthText === undefined ? undefined : Number(lengthText);
  const prefixLength =
    written === undefined ? widths[address.family] : isMapped ? written - mappedPrefixLength : written;
  return prefixLength < 0 || prefixLength > widths[address.family] ? undefined : { address, prefixLength };
}

/** Finds the ranges of an address. Its time grows with the number of prefix lengths, not of ranges. */
export class RangeTable<Label> {
  readonly #byLength = new Map<string, { family: 4 | 6; shift: bigint; labels: Map<bigint, Label[]> }>();

  add({ address, prefixLength }: AddressRange, label: Label): void {
    const key = `${address.family}/${prefixLength}`;
    const shift = BigInt(widths[address.family] - prefixLength);
    const table = this.#byLength.get(key) ?? { family: address.family, shift, labels: new Map<bigint, Label[]>() };
    this.#byLength.set(key, table);
    const prefix = address.bits >> shift;
    table.labels.set(prefix, [...(table.labels.get(prefix) ?? []), label]);
  }

  find({ family, bits }: Address): Label[] {
    const found: Label[] = [];
    for (const table of this.#byLength.values()) {
      if (table.family === family) found.push(...(table.labels.get(bits >> table.shift) ?? []));
    }
    return found;
  }
}

/** Whether every address of the one text is one of the other; false for a text that is no range. */
export function isWithin(text: string, other: string): boolean {
  const [inner, outer] = [parseRange(text), parseRange(other)];
  if (inner === undefined || outer === undefined || inner.address.family !== outer.address.family) return false;
  const shift = BigInt(widths[outer.address.family] - outer.prefixLength);
  return inner.prefixLength >= outer.prefixLength && inner.address.bits >> shift === outer.address.bits >> shift;
}
