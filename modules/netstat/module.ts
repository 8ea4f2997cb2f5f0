/** The declaration of the netstat module: its parameters and its answer. */
import * as z from 'zod';
import type { Column } from '../kit/column.ts';
import { defineLists, type ParametersOf } from '../kit/define-module.ts';
import { onSwitch } from '../kit/fields.ts';
import {
  addresses,
  caselessPatterns,
  findExcluded,
  patterns,
  ports,
  toFields,
  toNames,
  valuesOf,
} from '../kit/listing/value-lists.ts';
import { compileProtocols } from './lookup.ts';
import { toSubject } from './print.ts';
import { anyProtocol, parseProtocol } from './protocol.ts';

const protocols = valuesOf(
  'text',
  {
    value: 'protocol',
    isValid: (text) => text === anyProtocol || parseProtocol(text) !== undefined,
    expected: `a protocol such as icmp or 1, packet, or ${anyProtocol}`,
  },
  compileProtocols,
);

export const lists = {
  localmac: {
    kind: caselessPatterns,
    flag: 'lm',
    help: 'An interface has this hardware address. In every list a value with ! in front takes away from the others.',
    example: "-lm '^8c:70:5a'",
  },
  localip: {
    kind: addresses,
    flag: 'li',
    help: 'An interface has this address, or one of this range, or a public one.',
    example: '-li 10.0.0.0/8',
  },
  neighbormac: {
    kind: caselessPatterns,
    flag: 'nm',
    help: 'A neighbour has this hardware address (ARP, NDP).',
    example: "-nm '^8c:70:5a'",
  },
  neighborip: {
    kind: addresses,
    flag: 'ni',
    help: 'A neighbour has this address, or one of this range, or a public one.',
    example: '-ni fe80::/10',
  },
  connectedip: {
    kind: addresses,
    flag: 'ci',
    help: 'A socket is connected to this address, this range, or public for all that is not private.',
    example: "-ci public -ci '!192.30.252.0/22'",
  },
  listeningport: {
    kind: ports,
    flag: 'lp',
    help: 'A TCP socket listens on this port, or a UDP socket receives from any address.',
    example: '-lp 4444',
  },
  rawprotocol: {
    kind: protocols,
    flag: 'rp',
    help: 'A raw socket of this protocol, by name or number; packet for one below IP, any for all.',
    example: '-rp any',
  },
  unixsocket: {
    kind: patterns,
    flag: 'us',
    help: 'A unix socket has this path; abstract names begin with @.',
    example: "-us '^@'",
  },
} as const;
export type ListName = keyof typeof lists;

const searchnamespaces = onSwitch({
  flag: 'namespaces',
  help: 'Covers all network namespaces, such as those of containers; without it only that of the agent.',
  former: ['namespaces'],
});

export const SocketProcess = z.strictObject({
  pid: z.number(),
  /** At most 15 bytes, from the kernel. */
  name: z.string(),
  /** The effective user: a name of /etc/passwd, else the uid. */
  user: z.string().optional(),
  /** `docker/<id>`; absent outside of containers. */
  container: z.string().optional(),
});
export type SocketProcess = z.infer<typeof SocketProcess>;

/**
 * Has only the fields of its parameter. In paths and names, bytes that are not UTF-8 are `\xHH`, a backslash is `\\`.
 */
export const NetstatElement = z.strictObject({
  localmacaddr: z.string().optional(),
  remotemacaddr: z.string().optional(),
  localaddr: z.string().optional(),
  localport: z.number().optional(),
  remoteaddr: z.string().optional(),
  remoteport: z.number().optional(),
  /** `net:[4026531840]`; only with searchnamespaces. */
  namespace: z.string().optional(),
  interface: z.string().optional(),
  protocol: z.enum(['tcp', 'udp', 'raw', 'packet', 'unix']).optional(),
  /**
   * Sockets: the names of netstat(8), such as `ESTABLISHED`; `UNCONNECTED` without a remote end. Neighbours: the names
   * of ip-neighbour(8).
   */
  state: z.string().optional(),
  /** IP protocol of a raw socket. */
  rawprotocol: z.string().optional(),
  /** Of a packet socket, in hex: `0x0003` is every packet. */
  ethertype: z.string().optional(),
  /** Of a unix socket. */
  path: z.string().optional(),
  /** The process with the lowest pid that holds the socket; absent when there is none or none is visible. */
  process: SocketProcess.optional(),
  /** Other processes with the same socket, as after a fork; at most 100. */
  otherpids: z.array(z.number()).optional(),
  /** Owner of a socket with an unknown process. */
  user: z.string().optional(),
  /** The process at the other end of a unix socket. */
  remoteprocess: SocketProcess.optional(),
});
export type NetstatElement = z.infer<typeof NetstatElement>;

function toProcessText({ pid, name, user, container }: SocketProcess): string {
  const details = [user, container].filter((detail) => detail !== undefined).join(', ');
  return details === '' ? `${pid} ${name}` : `${pid} ${name} (${details})`;
}

function column(
  name: string,
  help: string,
  value: Column<NetstatElement>['value'],
  more: Partial<Column<NetstatElement>> = {},
): Column<NetstatElement> {
  return { name, kind: 'text', help, line: 'none', discloses: 'metadata', value, ...more };
}

const columns: readonly Column<NetstatElement>[] = [
  column('protocol', 'Protocol of the socket: tcp, udp, raw, packet or unix.', ({ protocol }) => protocol, {
    kind: 'choice',
  }),
  column('state', 'State of the socket or neighbour.', ({ state }) => state, { kind: 'choice' }),
  column('localaddr', 'Address of the interface, or of the local end.', ({ localaddr }) => localaddr),
  column('localport', 'Local port.', ({ localport }) => localport, { kind: 'number' }),
  column('remoteaddr', 'Address of the neighbour, or of the remote end.', ({ remoteaddr }) => remoteaddr),
  column('remoteport', 'Remote port.', ({ remoteport }) => remoteport, { kind: 'number' }),
  column('localmacaddr', 'Hardware address of the interface.', ({ localmacaddr }) => localmacaddr, {
    line: 'detail',
    title: 'mac',
    // An interface that was found by this address has it at the beginning of its line.
    toText: ({ localaddr, localmacaddr = '' }) => (localaddr === undefined ? '' : localmacaddr),
  }),
  column('remotemacaddr', 'Hardware address of the neighbour.', ({ remotemacaddr }) => remotemacaddr),
  column('path', 'Path of a unix socket.', ({ path }) => path, { kind: 'path' }),
  column('rawprotocol', 'IP protocol of a raw socket.', ({ rawprotocol }) => rawprotocol),
  column('ethertype', 'EtherType of a packet socket.', ({ ethertype }) => ethertype),
  column('interface', 'Name of the interface.', (element) => element.interface, { line: 'detail' }),
  column(
    'process',
    'Process that holds the socket.',
    ({ process }) => (process === undefined ? null : toProcessText(process)),
    {
      line: 'detail',
    },
  ),
  column('otherpids', 'Other processes that hold the socket.', ({ otherpids }) => otherpids?.map(String), {
    kind: 'list',
    line: 'detail',
    title: 'other pids',
  }),
  column('user', 'Owner of a socket whose process is not known.', ({ user }) => user, { line: 'detail' }),
  column(
    'remoteprocess',
    'Process at the other end of a unix socket.',
    ({ remoteprocess }) => (remoteprocess === undefined ? null : toProcessText(remoteprocess)),
    { line: 'detail', title: 'remote process' },
  ),
  column('namespace', 'Network namespace.', ({ namespace }) => namespace, { line: 'detail' }),
];

export const module = defineLists({
  name: 'netstat',
  summary: 'Which addresses, neighbours, connections and listening ports does this machine have, and whose are they?',
  platforms: ['linux', 'darwin', 'win32'],
  needs: ['files', 'processes', 'kernel-tables', 'network-namespaces'],
  lists: { ...toFields(lists), searchnamespaces },
  needsOne: toNames(lists),
  contradict: (asked) => findExcluded(lists, asked),
  // Sockets belong to processes, and so do namespaces.
  needsOf: ({ connectedip, listeningport, rawprotocol, unixsocket, searchnamespaces: everyNamespace }) => {
    const ofSockets = [connectedip, listeningport, rawprotocol, unixsocket].some((list = []) => list.length > 0);
    return [
      'files',
      'kernel-tables',
      ...(ofSockets || everyNamespace ? (['processes'] as const) : []),
      ...(everyNamespace ? (['network-namespaces'] as const) : []),
    ];
  },
  element: NetstatElement,
  columns,
  toHead: toSubject,
  key: ['protocol', 'localaddr', 'localport', 'remoteaddr', 'remoteport', 'path', 'process'],
  counts: { examined: { help: 'Interfaces, neighbours and sockets examined.' } },
  former: { modules: { connected: { lists: 'connectedip' } } },
  examples: [
    {
      command: 'mig netstat -t all -ci 192.0.2.66 -ci 2001:db8:bad::/48 -namespaces',
      says: 'finds connections to these addresses, also those of containers, and whose they are.',
    },
    {
      command: "mig netstat -t all -ci public -ci '!192.30.252.0/22'",
      says: 'lists connections to the Internet, but for a range that is known to be good.',
    },
    {
      command: "mig netstat -t all -lp '!22' -lp '!443'",
      says: 'lists sockets that listen on any port but these two.',
    },
    { command: 'mig netstat -t all -rp any -namespaces', says: 'lists sniffers and others that go past TCP and UDP.' },
    {
      command: "mig netstat -t all -nm '^8c:70:5a'",
      says: 'finds who has seen a device of this maker on its network.',
    },
  ],
});

export type NetstatParameters = ParametersOf<typeof module>;
