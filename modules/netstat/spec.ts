/** What the netstat module is asked and what it answers. */
import * as z from 'zod';
import type { ModuleSpec, Need } from '../contract.ts';
import { patternSchema, splitNegation } from '../shared/pattern.ts';
import { strictShape } from '../shared/strict-shape.ts';
import { parseRange } from './address.ts';
import { publicWord } from './lookup.ts';
import { anyProtocol, parseProtocol } from './protocol.ts';

const maximumValues = 10_000;
const maximumPatterns = 256;

/** Values that may have a `!` in front; the message names the value that is wrong. */
function listOf(isValid: (text: string) => boolean, expected: string) {
  const value = z
    .string()
    .max(128)
    .refine((text) => isValid(splitNegation(text).pattern), {
      error: ({ input }) => `expected ${expected}, got ${JSON.stringify(String(input).slice(0, 200))}`,
    });
  return z.array(value).max(maximumValues).optional();
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

const patterns = z
  .array(patternSchema({ mayNegate: true }))
  .max(maximumPatterns)
  .optional();
const addresses = listOf(
  (text) => text === publicWord || parseRange(text) !== undefined,
  `an address, a range such as 10.0.0.0/8, or ${publicWord}`,
);
const ports = listOf(isPort, 'a port from 0 to 65535');
const protocols = listOf(
  (text) => text === anyProtocol || parseProtocol(text) !== undefined,
  `a protocol such as icmp or 1, packet, or ${anyProtocol}`,
);

/** Each value of a list is answered for itself; one with a leading `!` takes away from the others. */
export const listNames = [
  'localmac',
  'localip',
  'neighbormac',
  'neighborip',
  'connectedip',
  'listeningport',
  'rawprotocol',
  'unixsocket',
] as const;
export type ListName = (typeof listNames)[number];

const lists = {
  /** RE2 on the hardware address of an interface; letters of either case. */
  localmac: patterns,
  /** Address of an interface. */
  localip: addresses,
  /** RE2 on the hardware address of a neighbour (ARP, NDP); letters of either case. */
  neighbormac: patterns,
  /** Address of a neighbour. */
  neighborip: addresses,
  /** Remote end of a TCP, UDP or raw socket that has one. */
  connectedip: addresses,
  /** Local port of a TCP socket that listens, or of a UDP socket without a remote end. */
  listeningport: ports,
  /** Protocol of a raw socket, or `packet` for a socket below IP: who sends or reads packets past TCP and UDP. */
  rawprotocol: protocols,
  /** RE2 on the path of a unix socket; abstract names begin with `@`. */
  unixsocket: patterns,
} satisfies Record<ListName, unknown>;

export const NetstatParameters = strictShape({
  ...lists,
  /** Every network namespace, else only that of the agent. */
  searchnamespaces: z.boolean().default(false),
}).refine((parameters) => listNames.some((name) => (parameters[name] ?? []).length > 0), {
  error: `expected at least one value in ${listNames.join(', ')}, got none`,
});
export type NetstatParameters = z.infer<typeof NetstatParameters>;

export const SocketProcess = z.strictObject({
  pid: z.number(),
  /** At most 15 bytes, as the kernel knows it. */
  name: z.string(),
  /** As whom it acts: a name of /etc/passwd, else the number. */
  user: z.string().optional(),
  /** `docker/<id>`; absent outside of containers. */
  container: z.string().optional(),
});
export type SocketProcess = z.infer<typeof SocketProcess>;

/** Only what means something for the parameter is there. Paths and names: bytes that are not UTF-8 are `\xHH`, a backslash is `\\`. */
export const NetstatElement = z.strictObject({
  localmacaddr: z.string().optional(),
  remotemacaddr: z.string().optional(),
  localaddr: z.string().optional(),
  localport: z.number().optional(),
  remoteaddr: z.string().optional(),
  remoteport: z.number().optional(),
  /** `net:[4026531840]`, with searchnamespaces. */
  namespace: z.string().optional(),
  interface: z.string().optional(),
  protocol: z.enum(['tcp', 'udp', 'raw', 'packet', 'unix']).optional(),
  /** Sockets as netstat(8) has it (`ESTABLISHED`), `UNCONNECTED` for one without a remote end; neighbours as ip-neighbour(8) has it. */
  state: z.string().optional(),
  /** IP protocol of a raw socket. */
  rawprotocol: z.string().optional(),
  /** Of a packet socket, in hex: `0x0003` is every packet. */
  ethertype: z.string().optional(),
  /** Of a unix socket. */
  path: z.string().optional(),
  /** The one with the lowest pid of those that hold the socket; absent when none does or none may be seen. */
  process: SocketProcess.optional(),
  /** Other processes that hold the same socket, as after a fork; at most 100. */
  otherpids: z.array(z.number()).optional(),
  /** Owner of a socket whose process is not known. */
  user: z.string().optional(),
  /** Who is at the other end of a unix socket. */
  remoteprocess: SocketProcess.optional(),
});
export type NetstatElement = z.infer<typeof NetstatElement>;

/** Parameter, then value, then what matched it; what matched nothing is not there. */
export const NetstatElements = z.record(z.string(), z.record(z.string(), z.array(NetstatElement)));
export type NetstatElements = z.infer<typeof NetstatElements>;

export const NetstatStatistics = z.strictObject({
  /** Interfaces, neighbours and sockets that were compared. */
  examined: z.number(),
  totalhits: z.number(),
  /** Go's text of a duration: `1.5s`. */
  exectime: z.string(),
});
export type NetstatStatistics = z.infer<typeof NetstatStatistics>;

/** Sockets belong to processes, and so do namespaces. */
function needsOf(parameters: NetstatParameters): Need[] {
  const { connectedip, listeningport, rawprotocol, unixsocket, searchnamespaces } = parameters;
  const ofSockets = [connectedip, listeningport, rawprotocol, unixsocket].some((values = []) => values.length > 0);
  return [
    'files',
    'kernel-tables',
    ...(ofSockets || searchnamespaces ? (['processes'] as const) : []),
    ...(searchnamespaces ? (['network-namespaces'] as const) : []),
  ];
}

export const spec: ModuleSpec<NetstatParameters, NetstatElements> = {
  name: 'netstat',
  summary: 'Which addresses, neighbours, connections and listening ports does this machine have, and whose are they?',
  platforms: ['linux', 'darwin', 'win32'],
  parameters: NetstatParameters,
  elements: NetstatElements,
  needs: needsOf,
};
