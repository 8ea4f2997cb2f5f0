/** What the addon offers about the network, as types. */
import type { Presence } from '../napi/presence.ts';
import type { NativeTask } from '../napi/task.ts';

/** Which tables to read. */
export interface NetworkQuery {
  readonly interfaces: boolean;
  readonly neighbours: boolean;
  readonly tcpListening: boolean;
  /** TCP in every state but LISTEN. */
  readonly tcpConnected: boolean;
  readonly udp: boolean;
  readonly raw: boolean;
  /** Sockets below IP, as sniffers use them. @see packet(7) */
  readonly packet: boolean;
  readonly unix: boolean;
  /** Else only that of this process. */
  readonly everyNamespace: boolean;
}

interface InNamespace {
  /** Inode of the network namespace, as in `/proc/PID/ns/net`; 0 when it is not known. */
  readonly namespace: number;
}

/** Names and paths: bytes that are not UTF-8 are `\xHH`, a backslash is `\\`. Addresses: IPv4 inside IPv6 is written as IPv4. */
interface NetworkInterface extends InNamespace {
  readonly kind: 'interface';
  readonly name: string;
  /** `02:fc:00:00:00:01`; absent when it has none. */
  readonly mac?: string;
  readonly addresses: readonly string[];
}

interface NetworkNeighbour extends InNamespace {
  readonly kind: 'neighbour';
  readonly interface: string;
  readonly address: string;
  /** Absent when the neighbour did not answer. */
  readonly mac?: string;
  /** As ip-neighbour(8) has it: `REACHABLE`, `STALE`, `FAILED`. */
  readonly state: string;
}

export interface NetworkSocket extends InNamespace {
  readonly kind: 'socket';
  readonly protocol: 'tcp' | 'udp' | 'raw' | 'packet' | 'unix';
  /** As netstat(8) has it: `ESTABLISHED`, `LISTEN`; `UNCONNECTED` for a socket without a remote end. */
  readonly state: string;
  readonly localAddress?: string;
  /** Absent when it is 0. */
  readonly localPort?: number;
  readonly remoteAddress?: string;
  readonly remotePort?: number;
  /** Raw: number of the IP protocol; packet: EtherType. */
  readonly number?: number;
  /** Packet: the interface that it is bound to. */
  readonly interface?: string;
  /** Unix: abstract names begin with `@`. */
  readonly path?: string;
  /** Absent when no process holds it any more (TIME_WAIT). On macOS and Windows, which do not number sockets, that of the process. */
  readonly inode?: number;
  /** Unix: inode of the other end. */
  readonly peerInode?: number;
  /** The socket's owner: its name in /etc/passwd, else its number. Absent when the kernel does not say. */
  readonly user?: string;
}

export type NetworkEntry = NetworkInterface | NetworkNeighbour | NetworkSocket;

type NetworkSkipReason = 'no-permission' | 'changed-while-read' | 'read-error' | 'unsupported';

export interface NetworkSummary {
  readonly namespaces: number;
  readonly interfaces: number;
  readonly neighbours: number;
  readonly sockets: number;
  readonly skipped: Readonly<Record<NetworkSkipReason, number>>;
  readonly errors: readonly string[];
}

export interface SocketHolder {
  readonly pid: number;
  /** At most 15 bytes on Linux and macOS. */
  readonly name: string;
  /** As whom it acts, as ProcessFacts has it; absent when that may not be seen. */
  readonly user?: string;
  /** `docker/<id>`; absent outside of containers. */
  readonly container?: string;
  /** Those of the sockets asked for that it holds. */
  readonly inodes: readonly number[];
}

export interface SocketHolders {
  /** By pid; a socket may be held by several. */
  readonly holders: readonly SocketHolder[];
  /** Looked at. */
  readonly processes: number;
  /** Processes whose descriptors may not be seen. */
  readonly noPermission: number;
}

export interface NetworkReader {
  /** Entries come in batches while the tables are read, all of them before `done`. @throws CodedError<NativeCode> bad-plan, no-thread */
  readonly read: (
    query: NetworkQuery,
    onEntries: (entries: readonly NetworkEntry[]) => void,
  ) => NativeTask<NetworkSummary>;
  /** Looks once at the descriptors of all processes. @throws CodedError<NativeCode> bad-plan */
  readonly findHolders: (inodes: readonly number[]) => NativeTask<SocketHolders>;
}

export interface NetworkFunctions {
  /** @param cpuPercent share of one core for the whole process; 0 for no limit. */
  readonly openNetworkReader: (cpuPercent: number) => NetworkReader;
}

export const networkPresence: Presence<NetworkFunctions> = { openNetworkReader: 'always' };
