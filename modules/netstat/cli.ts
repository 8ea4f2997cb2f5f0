/** The investigator's side of the netstat module: flags in, lines out. */
import { CodedError } from '../../protocol/coded-error.ts';
import type { Flag, FlagValues, ModuleCli } from '../contract.ts';
import { toCountLine } from '../shared/count-line.ts';
import { type NetstatElement, NetstatElements, NetstatParameters, type SocketProcess } from './spec.ts';

/** Flags by parameter. */
const lists = {
  lm: 'localmac',
  li: 'localip',
  nm: 'neighbormac',
  ni: 'neighborip',
  ci: 'connectedip',
  lp: 'listeningport',
  rp: 'rawprotocol',
  us: 'unixsocket',
} as const;

function list(name: keyof typeof lists, value: string, help: string, example: string): Flag {
  return { name, kind: 'string', repeatable: true, value, help, example };
}

const flags: readonly Flag[] = [
  list(
    'lm',
    'regex',
    'An interface has this hardware address. In every list a value with ! in front takes away from the others.',
    "-lm '^8c:70:5a'",
  ),
  list('li', 'ip', 'An interface has this address, or one of this range, or a public one.', '-li 10.0.0.0/8'),
  list('nm', 'regex', 'A neighbour has this hardware address (ARP, NDP).', "-nm '^8c:70:5a'"),
  list('ni', 'ip', 'A neighbour has this address, or one of this range, or a public one.', '-ni fe80::/10'),
  list(
    'ci',
    'ip',
    'A socket is connected to this address, this range, or public for all that is not private.',
    "-ci public -ci '!192.30.252.0/22'",
  ),
  list('lp', 'port', 'A TCP socket listens on this port, or a UDP socket takes what comes.', '-lp 4444'),
  list(
    'rp',
    'protocol',
    'A raw socket of this protocol, by name or number; packet for one below IP, any for all.',
    '-rp any',
  ),
  list('us', 'regex', 'A unix socket has this path; abstract names begin with @.', "-us '^@'"),
  {
    name: 'namespaces',
    kind: 'boolean',
    help: 'Looks into every network namespace, such as those of containers; without it only into that of the agent.',
  },
];

function usage(message: string): CodedError {
  return new CodedError('usage', message, { hint: 'mig netstat -h shows the flags' });
}

/** The flag that a parameter came from, with a colon; nothing for what is about all of them. */
function flagOf([parameter]: readonly PropertyKey[]): string {
  const known = Object.entries(lists).find(([, name]) => name === parameter);
  return known === undefined ? '' : `-${known[0]}: `;
}

function toParameters(values: FlagValues): NetstatParameters {
  const given = Object.entries(lists).flatMap(([flag, parameter]) =>
    values[flag] === undefined ? [] : [[parameter, values[flag]]],
  );
  if (given.length === 0) {
    const names = Object.keys(lists).map((flag) => `-${flag}`);
    throw usage(`expected at least one of ${names.join(' ')}, got none`);
  }
  const parameters = { ...Object.fromEntries(given), searchnamespaces: values.namespaces === true };
  const checked = NetstatParameters.safeParse(parameters);
  if (checked.success) return checked.data;
  throw usage(checked.error.issues.map(({ path, message }) => `${flagOf(path)}${message}`).join('\n'));
}

function toEndpoint(address: string | undefined, port: number | undefined): string {
  const host = address?.includes(':') && port !== undefined ? `[${address}]` : (address ?? '*');
  return port === undefined ? host : `${host}:${port}`;
}

/** What it is, in a few words: `tcp ESTABLISHED 10.0.0.5:43210 -> 192.0.2.1:443`. */
function toSubject(parameter: string, element: NetstatElement): string {
  const { protocol, state, localaddr, remoteaddr } = element;
  if (parameter === 'localmac') return `local mac ${element.localmacaddr}`;
  if (parameter === 'localip') return `local ip ${localaddr}`;
  if (parameter === 'neighbormac' || parameter === 'neighborip')
    return `neighbor ${remoteaddr} ${element.remotemacaddr ?? 'without mac'} ${state}`;
  if (protocol === 'unix') return `unix ${state} ${element.path}`;
  if (protocol === 'packet') return `packet ${element.ethertype}`;
  const local = toEndpoint(localaddr, element.localport);
  const remote = remoteaddr === undefined ? '' : ` -> ${toEndpoint(remoteaddr, element.remoteport)}`;
  return `${protocol === 'raw' ? `raw ${element.rawprotocol}` : protocol} ${state} ${local}${remote}`;
}

function toProcessText({ pid, name, user, container }: SocketProcess): string {
  const details = [user, container].filter((detail) => detail !== undefined).join(', ');
  return details === '' ? `${pid} ${name}` : `${pid} ${name} (${details})`;
}

function toDetails(parameter: string, element: NetstatElement): string {
  const details = {
    mac: parameter === 'localip' ? element.localmacaddr : undefined,
    interface: element.interface,
    process: element.process === undefined ? undefined : toProcessText(element.process),
    'other pids': element.otherpids?.join(' '),
    user: element.user,
    'remote process': element.remoteprocess === undefined ? undefined : toProcessText(element.remoteprocess),
    namespace: element.namespace,
  };
  const known = Object.entries(details).flatMap(([key, value]) => (value === undefined ? [] : [`${key}:${value}`]));
  return known.length === 0 ? '' : ` [${known.join(', ')}]`;
}

export const cli: ModuleCli<NetstatParameters> = {
  flags,
  toParameters,
  *toLines(result) {
    const parameters = Object.entries(NetstatElements.parse(result.elements));
    if (parameters.length === 0) yield* toCountLine(result);
    for (const [parameter, byValue] of parameters) {
      for (const [value, found] of Object.entries(byValue)) {
        for (const element of found)
          yield `${toSubject(parameter, element)}${toDetails(parameter, element)} in ${parameter} '${value}'`;
      }
    }
  },
  examples: [
    {
      command: 'mig netstat -t all -ci 192.0.2.66 -ci 2001:db8:bad::/48 -namespaces',
      says: 'finds connections to these addresses, also those of containers, and whose they are.',
    },
    {
      command: "mig netstat -t all -ci public -ci '!192.30.252.0/22'",
      says: 'lists connections to the Internet, but for a range that is known to be good.',
    },
    { command: "mig netstat -t all -lp '!22' -lp '!443'", says: 'lists what listens on any port but these two.' },
    { command: 'mig netstat -t all -rp any -namespaces', says: 'lists sniffers and others that go past TCP and UDP.' },
    {
      command: "mig netstat -t all -nm '^8c:70:5a'",
      says: 'finds who has seen a device of this maker on its network.',
    },
  ],
};
