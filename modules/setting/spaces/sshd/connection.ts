/** Keys of `sshd:`, and the connections that they name: `[user=root,addr=192.0.2.1]:PermitRootLogin`. */
import { isIP } from 'node:net';
import { readHostUser } from '../../../kit/accounts/host-user.ts';
import type { Host } from '../../../kit/files/host.ts';
import { toLatin1 } from '../../../kit/files/latin1-text.ts';
import type { SshdConnection } from '../../../kit/sshd/effective.ts';
import { keywordOf, toKeywordName } from './keywords.ts';

const attributes = ['user', 'group', 'host', 'addr', 'laddr', 'lport'] as const;
type Attribute = (typeof attributes)[number];

export interface SshdKey {
  /** Lower case, without synonyms. */
  readonly name: string;
  readonly attributes: ReadonlyMap<Attribute, readonly string[]>;
}

function isAttribute(name: string): name is Attribute {
  return attributes.some((one) => one === name);
}

function checkAttribute(name: Attribute, value: string): string | null {
  if (value === '') return `expected a value behind ${name}=, got none`;
  if (name.endsWith('addr') && isIP(value) === 0)
    return `expected an IP address behind ${name}=, got ${JSON.stringify(value)}`;
  if (name === 'lport' && !/^\d{1,5}$/.test(value))
    return `expected a port behind lport=, got ${JSON.stringify(value)}`;
  return null;
}

function parseAttributes(text: string): SshdKey['attributes'] | string {
  const found = new Map<Attribute, string[]>();
  for (const part of text.split(',')) {
    const [, name = '', value] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    if (value === undefined || !isAttribute(name))
      return `expected ${attributes.map((one) => `${one}=`).join(', ')} between the brackets, got ${JSON.stringify(part)}`;
    const problem = checkAttribute(name, value);
    if (problem !== null) return problem;
    if (name !== 'group' && found.has(name)) return `expected ${name}= once, got it twice`;
    found.set(name, [...(found.get(name) ?? []), value]);
  }
  if (found.has('group') && !found.has('user')) return 'expected user= beside group=, got none';
  return found;
}

/** A text says what is wrong. */
export function parseSshdKey(key: string): SshdKey | string {
  const [, bracketed, word = ''] = /^(?:\[([^\]]*)\]:)?([^:[\]]*)$/.exec(key) ?? [];
  const name = toKeywordName(word);
  if (word === '' || keywordOf(name) === undefined)
    return `expected a keyword of sshd_config(5) such as PermitRootLogin, got ${JSON.stringify(key)}`;
  const parsed = bracketed === undefined ? new Map<Attribute, string[]>() : parseAttributes(bracketed);
  return typeof parsed === 'string' ? parsed : { name, attributes: parsed };
}

/** Reads the groups of a user from the host where the key does not name them. */
export class Connections {
  readonly #host: Host;
  readonly #groups = new Map<string, readonly string[] | undefined>();

  constructor(host: Host) {
    this.#host = host;
  }

  of({ attributes: given }: SshdKey): SshdConnection {
    const only = (name: Attribute): string | undefined => given.get(name)?.[0];
    const [user, host, address, localAddress, localPort] = [
      only('user'),
      only('host'),
      only('addr'),
      only('laddr'),
      only('lport'),
    ];
    return {
      ...(user === undefined ? {} : { user: { name: user, groups: given.get('group') ?? this.#groupsOf(user) } }),
      ...(host === undefined ? {} : { host }),
      ...(address === undefined ? {} : { address }),
      ...(localAddress === undefined ? {} : { localAddress }),
      ...(localPort === undefined ? {} : { localPort }),
    };
  }

  #groupsOf(user: string): readonly string[] | undefined {
    if (!this.#groups.has(user)) {
      const { groups } = readHostUser(this.#host, toLatin1(user));
      this.#groups.set(user, groups === undefined ? undefined : [...groups]);
    }
    return this.#groups.get(user);
  }
}
