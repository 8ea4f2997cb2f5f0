/** Names of the IP protocols of raw sockets. */

/** The word for every raw and packet socket. */
export const anyProtocol = 'any';

/** @see https://www.iana.org/assignments/protocol-numbers */
const numbers: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipip: 4,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  sctp: 132,
  raw: 255,
};
const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));

/** A name, a number below 256, or `packet` for sockets below IP; undefined for other texts. */
export function parseProtocol(text: string): number | 'packet' | undefined {
  if (text === 'packet') return 'packet';
  if (/^\d{1,3}$/.test(text)) return Number(text) < 256 ? Number(text) : undefined;
  return Object.hasOwn(numbers, text) ? numbers[text] : undefined;
}

/** The name, else the number. */
export function toProtocolName(number: number): string {
  return names.get(number) ?? String(number);
}
