/** From parameters to the tables that must be read, and from what is in them to what is reported. */
import type { CompiledPattern, NetworkEntry, NetworkQuery, NetworkSocket } from '../../native/index.ts';
import { compileAddresses, compilePatterns, compilePorts, type Lookup, withExclusions } from '../kit/listing/lookup.ts';
import { compileProtocols } from './lookup.ts';
import type { ListName, NetstatElement, NetstatParameters } from './module.ts';
import { toProtocolName } from './protocol.ts';

/** One value of a parameter that something matched. */
export interface Match {
  readonly parameter: ListName;
  readonly value: string;
  readonly element: NetstatElement;
  /** The socket's owner, who matters when its process is not known. */
  readonly user?: string | undefined;
  /** Of the socket, to find its process. */
  readonly inode?: number | undefined;
  readonly peerInode?: number | undefined;
}

export type Matcher = (entry: NetworkEntry) => Match[];

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

/** The remote end; undefined when there is none, which the kernel writes as all zero. */
function remoteAddressOf({ remoteAddress }: NetworkSocket): string | undefined {
  return remoteAddress === '0.0.0.0' || remoteAddress === '::' ? undefined : remoteAddress;
}

/** The local port of a socket that takes what comes; undefined for others. */
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
  // Assigned and not spread: there may be hundreds of thousands.
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

/** Without what is not known. */
function compact(element: { readonly [Key in keyof NetstatElement]: NetstatElement[Key] | undefined }): NetstatElement {
  return Object.fromEntries(Object.entries(element).filter(([, value]) => value !== undefined));
}

/** Nothing matches a value that is not there. */
function find<Subject>(lookup: Lookup<Subject>, subject: Subject | undefined): readonly string[] {
  return subject === undefined ? [] : lookup(subject);
}

/** @throws CodedError `bad-pattern` */
export function toMatcher(
  parameters: NetstatParameters,
  compilePattern: (pattern: string) => CompiledPattern,
): Matcher {
  const lookup = <Subject>(name: ListName, compile: (values: readonly string[]) => Lookup<Subject>) =>
    withExclusions(parameters[name] ?? [], compile);
  const macs = (values: readonly string[]) => compilePatterns(values, (pattern) => compilePattern(`(?i)${pattern}`));
  const lookups = {
    localmac: lookup('localmac', macs),
    localip: lookup('localip', compileAddresses),
    neighbormac: lookup('neighbormac', macs),
    neighborip: lookup('neighborip', compileAddresses),
    connectedip: lookup('connectedip', compileAddresses),
    listeningport: lookup('listeningport', compilePorts),
    rawprotocol: lookup('rawprotocol', compileProtocols),
    unixsocket: lookup('unixsocket', (values) => compilePatterns(values, compilePattern)),
  };

  return (entry) => {
    const namespace = parameters.searchnamespaces ? `net:[${entry.namespace}]` : undefined;
    const toMatches = (parameter: ListName, values: readonly string[], element: NetstatElement): Match[] =>
      values.map((value) => ({ parameter, value, element }));

    if (entry.kind === 'interface') {
      const common = { localmacaddr: entry.mac, namespace, interface: entry.name };
      return [
        ...toMatches('localmac', find(lookups.localmac, entry.mac), compact(common)),
        ...entry.addresses.flatMap((localaddr) =>
          toMatches('localip', lookups.localip(localaddr), compact({ ...common, localaddr })),
        ),
      ];
    }
    if (entry.kind === 'neighbour') {
      const { mac: remotemacaddr, address: remoteaddr, state } = entry;
      const element = compact({ remotemacaddr, remoteaddr, namespace, interface: entry.interface, state });
      return [
        ...toMatches('neighbormac', find(lookups.neighbormac, remotemacaddr), element),
        ...toMatches('neighborip', lookups.neighborip(remoteaddr), element),
      ];
    }
    const values = {
      connectedip: find(lookups.connectedip, remoteAddressOf(entry)),
      listeningport: find(lookups.listeningport, listeningPortOf(entry)),
      rawprotocol: find(lookups.rawprotocol, rawProtocolOf(entry)),
      unixsocket: find(lookups.unixsocket, entry.path),
    };
    const { user, inode, peerInode } = entry;
    return (['connectedip', 'listeningport', 'rawprotocol', 'unixsocket'] as const).flatMap((parameter) =>
      values[parameter].map((value) => ({
        parameter,
        value,
        element: toSocketElement(entry, namespace),
        user,
        inode,
        peerInode,
      })),
    );
  };
}
