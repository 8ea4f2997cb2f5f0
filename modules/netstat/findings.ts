/** What was found, by parameter and value, within the size that the result may have. */
import type { SocketHolder } from '../../native/index.ts';
import type { Match } from './match.ts';
import type { NetstatElement, NetstatElements, SocketProcess } from './spec.ts';

/** Keys, statistics, errors and the receipt need room, too. */
const shareOfElements = 0.9;
const maximumOtherPids = 100;

function toProcess({ pid, name, user, container }: SocketHolder): SocketProcess {
  return { pid, name, ...(user === undefined ? {} : { user }), ...(container === undefined ? {} : { container }) };
}

type HoldersByInode = ReadonlyMap<number, readonly SocketHolder[]>;

function toHoldersByInode(holders: readonly SocketHolder[]): HoldersByInode {
  const byInode = new Map<number, SocketHolder[]>();
  for (const holder of holders) {
    for (const inode of holder.inodes) {
      const list = byInode.get(inode);
      if (list === undefined) byInode.set(inode, [holder]);
      else list.push(holder);
    }
  }
  return byInode;
}

export class Findings {
  readonly #matches: Match[] = [];
  #leftBytes: number;

  constructor(resultBytes: number) {
    this.#leftBytes = Math.floor(resultBytes * shareOfElements);
  }

  get isFull(): boolean {
    return this.#leftBytes < 0;
  }

  get count(): number {
    return this.#matches.length;
  }

  /** False when there is no room any more. */
  add(match: Match): boolean {
    if (this.#takeBytes(match.value, match.element)) this.#matches.push(match);
    return !this.isFull;
  }

  /** Sockets whose process is to be found. */
  inodes(): number[] {
    const all = this.#matches.flatMap(({ inode, peerInode }) => [inode, peerInode]);
    return [...new Set(all.filter((inode) => inode !== undefined))];
  }

  /** Elements with the processes that hold the sockets. */
  toElements(holders: readonly SocketHolder[]): NetstatElements {
    const byInode = toHoldersByInode(holders);
    const found = new Map<string, Map<string, NetstatElement[]>>();
    for (const match of this.#matches) {
      const byValue = found.get(match.parameter) ?? new Map<string, NetstatElement[]>();
      const elements = byValue.get(match.value) ?? [];
      this.#addProcesses(match, byInode);
      elements.push(match.element);
      found.set(match.parameter, byValue.set(match.value, elements));
    }
    return Object.fromEntries([...found].map(([parameter, byValue]) => [parameter, Object.fromEntries(byValue)]));
  }

  #addProcesses({ element, user, inode = 0, peerInode = 0 }: Match, holders: HoldersByInode): void {
    const [first, ...others] = holders.get(inode) ?? [];
    const [peer] = holders.get(peerInode) ?? [];
    const added: NetstatElement = {};
    if (first !== undefined) added.process = toProcess(first);
    else if (user !== undefined) added.user = user;
    if (others.length > 0) added.otherpids = others.slice(0, maximumOtherPids).map(({ pid }) => pid);
    if (peer !== undefined) added.remoteprocess = toProcess(peer);
    if (this.#takeBytes(added)) Object.assign(element, added);
  }

  #takeBytes(...values: readonly unknown[]): boolean {
    for (const value of values) this.#leftBytes -= Buffer.byteLength(JSON.stringify(value)) + 1;
    return !this.isFull;
  }
}
