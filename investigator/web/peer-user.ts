/** The user at the other end of a connection on the loopback address, as Linux tells it. */
import { readFile } from 'node:fs/promises';

/** Fields of a line of /proc/net/tcp, from 0. @see https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html */
const localField = 1;
const remoteField = 2;
const userField = 7;

/** An address as the kernel writes it: bytes of 127.0.0.1 in the order of this processor. */
const loopback = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? '0100007F' : '7F000001';

function toAddress(port: number): string {
  return `${loopback}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** @returns the user's number; undefined when the table has no such connection. */
export function findPeerUser(table: string, peerPort: number, ownPort: number): number | undefined {
  const [local, remote] = [toAddress(peerPort), toAddress(ownPort)];
  for (const line of table.split('\n')) {
    const fields = line.trim().split(/\s+/);
    if (fields[localField] === local && fields[remoteField] === remote) return Number(fields[userField]);
  }
  return undefined;
}

export type PeerJudgement = 'own' | 'other' | 'unknown';

/** `unknown` on systems that do not tell: there, the other checks of the gate stand alone. */
export async function judgePeer(peerPort: number, ownPort: number): Promise<PeerJudgement> {
  const own = process.getuid?.();
  if (process.platform !== 'linux' || own === undefined) return 'unknown';
  const table = await readFile('/proc/net/tcp', 'latin1').catch(() => undefined);
  if (table === undefined) return 'unknown';
  return findPeerUser(table, peerPort, ownPort) === own ? 'own' : 'other';
}
