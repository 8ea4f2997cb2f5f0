/** `firewall:`: tables of the kernel's packet filter. @see iptables(8) */
import type { Host } from '../../kit/files/host.ts';
import type { FoundValue, KeySpace, SettingReader, SettingValue } from '../key-space.ts';
import { foundNothing, setTo, unreadable, unset } from './found.ts';

/** Tables of the older filters; those of nftables are told by netlink alone. */
const files: Readonly<Record<string, string | null>> = {
  iptables: '/proc/net/ip_tables_names',
  ip6tables: '/proc/net/ip6_tables_names',
  arptables: '/proc/net/arp_tables_names',
  nftables: null,
};

class FirewallReader implements SettingReader {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  read(key: string): SettingValue {
    return { now: this.#readNow(files[key] ?? null), boot: unreadable('unsupported') };
  }

  keys(): Iterable<string> {
    return Object.keys(files);
  }

  #readNow(path: string | null): FoundValue {
    if (path === null) return unreadable('unsupported');
    const file = this.#host.readKernel(path);
    if (file.state !== 'read') return foundNothing(file);
    const tables = file.text.split('\n').filter((name) => name !== '');
    this.#host.report('firewall', path, tables.length);
    return tables.length === 0 ? unset : setTo(tables);
  }
}

export const firewallSpace: KeySpace = {
  prefix: 'firewall',
  discloses: 'values',
  help: 'Tables of the older packet filters: iptables, ip6tables, arptables; nftables is unknown.',
  example: 'firewall:iptables = filter',
  checkKey: (key) =>
    key.includes('*') || Object.hasOwn(files, key)
      ? null
      : `expected one of ${Object.keys(files).join(', ')}, got ${JSON.stringify(key)}`,
  typeOf: () => 'list',
  open: (host) => new FirewallReader(host),
};
