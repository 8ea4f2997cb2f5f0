/** Types of the addon's network functions. */
import type { Presence } from '../napi/presence.ts';
import type { NativeTask } from '../napi/task.ts';

/** The tables to read. */
export interface NetworkQuery {
  readonly interfaces: boolean;
  readonly neighbours: boolean;
  readonly tcpListening: boolean;
  /** TCP in every state but LISTEN. */
  readonly tcpConnected: boolean;
  readonly udp: boolean;
  readonly raw: boolean;
  /** Sockets below IP, as packet sniffers use them. @see packet(7) */
  readonly packet: boolean;
  readonly unix: boolean;
  /** False: only this process's network namespace. */
  readonly everyNamespace: boolean;
}

interface InNamespace {
  /** Inode of the network namespace, as in `/proc/PID/ns/net`; 0 when unknown. */
  readonly namespace: number;
}

/**
 * Names and paths are escaped: bytes that are not UTF-8 are `\xHH`, a backslash is `\\`. IPv4-mapped IPv6 addresses are
 * written as IPv4.
 */
interface NetworkInterface extends InNamespace {
  readonly kind: 'interface';
  readonly name: string;
  /** `02:fc:00:00:00:01`; absent without an address. */
  readonly mac?: string;
  readonly addresses: readonly string[];
}

interface NetworkNeighbour extends InNamespace {
  readonly kind: 'neighbour';
  readonly interface: string;
  readonly address: string;
  /** Absent when the neighbour did not answer. */
  readonly mac?: string;
  /** The names of ip-neighbour(8): `REACHABLE`, `STALE`, `FAILED`. */
  readonly state: string;
}

export interface NetworkSocket extends InNamespace {
  readonly kind: 'socket';
  readonly protocol: 'tcp' | 'udp' | 'raw' | 'packet' | 'unix';
  /** The names of netstat(8): `ESTABLISHED`, `LISTEN`; `UNCONNECTED` for a socket without a remote end. */
  readonly state: string;
  readonly localAddress?: string;
  /** Absent when it is 0. */
  readonly localPort?: number;
  readonly remoteAddress?: string;
  readonly remotePort?: number;
  /** Raw: number of the IP protocol; packet: EtherType. */
  readonly number?: number;
  /** Packet: the interface it is bound to. */
  readonly interface?: string;
  /** Unix: abstract names begin with `@`. */
  readonly path?: string;
  /**
   * Absent when no process holds it any more (TIME_WAIT). On macOS and Windows, where sockets have no numbers, the pid
   * of the holder.
   */
  readonly inode?: number;
  /** Unix: inode of the peer. */
  readonly peerInode?: number;
  /** The owner's name in /etc/passwd, else the uid. Absent if the kernel does not say. */
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
  /** The effective user, as in ProcessFacts; absent when it is not visible. */
  readonly user?: string;
  /** `docker/<id>`; absent outside of containers. */
  readonly container?: string;
  /** The requested sockets that it holds. */
  readonly inodes: readonly number[];
}

export interface SocketHolders {
  /** By pid; several processes may hold a socket. */
  readonly holders: readonly SocketHolder[];
  /** Processes examined. */
  readonly processes: number;
  /** Processes whose descriptors are not visible. */
  readonly noPermission: number;
}

export interface NetworkReader {
  /**
   * Entries come in batches while the tables are read, all of them before `done`. @throws CodedError<NativeCode>
   * bad-plan, no-thread
   */
  readonly read: (
    query: NetworkQuery,
    onEntries: (entries: readonly NetworkEntry[]) => void,
  ) => NativeTask<NetworkSummary>;
  /** Reads the descriptors of all processes once. @throws CodedError<NativeCode> bad-plan */
  readonly findHolders: (inodes: readonly number[]) => NativeTask<SocketHolders>;
}

export interface NetworkFunctions {
  /** @param cpuPercent share of one core for the whole process; 0 for no limit. */
  readonly openNetworkReader: (cpuPercent: number) => NetworkReader;
}

export const networkPresence: Presence<NetworkFunctions> = { openNetworkReader: 'always' };
