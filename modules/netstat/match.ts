/** Chooses the tables to read, and converts their rows to values for comparison and elements. */
import type { NetworkEntry, NetworkQuery, NetworkSocket } from '../../native/index.ts';
import type { ValueRow } from '../kit/listing/value-lists.ts';
import type { ListName, lists, NetstatElement, NetstatParameters } from './module.ts';
import { toProtocolName } from './protocol.ts';

export interface NetworkRow extends ValueRow<typeof lists, NetstatElement> {
  /** The socket's owner, used when its process is unknown. */
  readonly user?: string | undefined;
  /** The socket's inode, to find its process. */
  readonly inode?: number | undefined;
  readonly peerInode?: number | undefined;
}

export function toQuery(parameters: NetstatParameters): NetworkQuery {
  const has = (...names: readonly ListName[]): boolean => names.some((name) => (parameters[name] ?? []).length > 0);
  return {
    interfaces: has('localmac', 'localip'),
    neighbours: has('neighbormac', 'neighborip'),
    tcpListening: has('listeningport'),
    tcpConnected: has('connectedip'),
    udp: has('listeningport', 'connectedip'),
    raw: has('connectedip', 'rawprotocol'),
    packet: has('rawprotocol'),
    unix: has('unixsocket'),
    everyNamespace: parameters.searchnamespaces,
  };
}

/** The remote end; undefined for all zeros, which means none. */
function remoteAddressOf({ remoteAddress }: NetworkSocket): string | undefined {
  return remoteAddress === '0.0.0.0' || remoteAddress === '::' ? undefined : remoteAddress;
}

/** The local port of a socket that accepts connections or datagrams; undefined for others. */
function listeningPortOf({ protocol, state, localPort }: NetworkSocket): number | undefined {
  const listens = protocol === 'tcp' ? state === 'LISTEN' : protocol === 'udp' && state === 'UNCONNECTED';
  return listens ? localPort : undefined;
}

function rawProtocolOf({ protocol, number }: NetworkSocket): number | 'packet' | undefined {
  if (protocol === 'packet') return 'packet';
  return protocol === 'raw' ? number : undefined;
}

function toSocketElement(socket: NetworkSocket, namespace: string | undefined): NetstatElement {
  const { protocol, number = 0 } = socket;
  const remoteaddr = remoteAddressOf(socket);
  // Assigned without a spread: there may be hundreds of thousands.
  const element: NetstatElement = {};
  if (socket.localAddress !== undefined) element.localaddr = socket.localAddress;
  if (socket.localPort !== undefined) element.localport = socket.localPort;
  if (remoteaddr !== undefined) element.remoteaddr = remoteaddr;
  if (socket.remotePort !== undefined) element.remoteport = socket.remotePort;
  if (namespace !== undefined) element.namespace = namespace;
  if (socket.interface !== undefined) element.interface = socket.interface;
  element.protocol = protocol;
  element.state = socket.state;
  if (protocol === 'raw') element.rawprotocol = toProtocolName(number);
  if (protocol === 'packet') element.ethertype = `0x${number.toString(16).padStart(4, '0')}`;
  if (socket.path !== undefined) element.path = socket.path;
  return element;
}

/** Without the unknown fields. */
function compact(element: { readonly [Key in keyof NetstatElement]: NetstatElement[Key] | undefined }): NetstatElement {
  return Object.fromEntries(Object.entries(element).filter(([, value]) => value !== undefined));
}

/** The values that the question's lists compare. */
export function toRows(entry: NetworkEntry, { searchnamespaces }: NetstatParameters): NetworkRow[] {
  const namespace = searchnamespaces ? `net:[${entry.namespace}]` : undefined;
  if (entry.kind === 'interface') {
    const { mac, name, addresses } = entry;
    const common = { localmacaddr: mac, namespace, interface: name };
    return [
      { subjects: { localmac: mac }, toElement: () => compact(common) },
      ...addresses.map((localaddr) => ({
        subjects: { localip: localaddr },
        toElement: () => compact({ ...common, localaddr }),
      })),
    ];
  }
  if (entry.kind === 'neighbour') {
    const { mac: remotemacaddr, address: remoteaddr, state } = entry;
    return [
      {
        subjects: { neighbormac: remotemacaddr, neighborip: remoteaddr },
        toElement: () => compact({ remotemacaddr, remoteaddr, namespace, interface: entry.interface, state }),
      },
    ];
  }
  const { user, inode, peerInode } = entry;
  return [
    {
      subjects: {
        connectedip: remoteAddressOf(entry),
        listeningport: listeningPortOf(entry),
        rawprotocol: rawProtocolOf(entry),
        unixsocket: entry.path,
      },
      toElement: () => toSocketElement(entry, namespace),
      user,
      inode,
      peerInode,
    },
  ];
}
