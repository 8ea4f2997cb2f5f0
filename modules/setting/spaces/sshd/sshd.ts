/** `sshd:`: what a connection gets of the configuration files as they are. @see sshd_config(5) */
import type { Host } from '../../../kit/files/host.ts';
import { toText } from '../../../kit/files/latin1-text.ts';
import { redactArguments, redactCommand } from '../../../kit/secrets/redact.ts';
import { readSshdConfig, type SshdConfig } from '../../../kit/sshd/config.ts';
import type {
  DependingValue,
  FoundValue,
  KeySpace,
  KnownValue,
  SettingReader,
  SettingValue,
  ValueType,
} from '../../key-space.ts';
import { always, setTo, unreadable, unset } from '../found.ts';
import { Connections, parseSshdKey } from './connection.ts';
import { keywordOf, typeOfKeyword } from './keywords.ts';
import { type Candidate, resolveKeyword } from './resolve.ts';

/** Commands and variables of the environment may hold passwords. */
function redact(value: string | readonly string[]): string | readonly string[] {
  return typeof value === 'string' ? redactCommand(value) : redactArguments(value);
}

function toFound({ value, from }: Candidate): KnownValue {
  return value === undefined ? { state: 'unset', hasDefault: true } : setTo(redact(value), from);
}

class SshdReader implements SettingReader {
  readonly #host: Host;
  readonly #connections: Connections;
  #config: SshdConfig | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#connections = new Connections(host);
  }

  read(key: string): SettingValue {
    return always(this.#read(key));
  }

  #read(written: string): FoundValue {
    const key = parseSshdKey(written);
    const keyword = typeof key === 'string' ? undefined : keywordOf(key.name);
    if (typeof key === 'string' || keyword === undefined) return unset;
    this.#config ??= readSshdConfig(this.#host);
    if (!this.#config.isThere) return { state: 'not-applicable' };
    const resolved = resolveKeyword(this.#config, this.#connections.of(key), key.name, keyword);
    if (resolved.kind === 'unknown') return unreadable(resolved.reason);
    const [first, ...others] = resolved.candidates;
    if (first === undefined) return unset;
    if (others.length === 0) return toFound(first);
    return { state: 'depends', on: resolved.candidates.map((one) => ({ found: toFound(one), ...whenOf(one) })) };
  }
}

function whenOf({ when }: Candidate): Pick<DependingValue, 'when'> {
  return when === undefined ? {} : { when: toText(when) };
}

function typeOf(written: string): ValueType {
  const key = parseSshdKey(written);
  const keyword = typeof key === 'string' ? undefined : keywordOf(key.name);
  return keyword === undefined ? 'text' : typeOfKeyword(keyword);
}

export const sshdSpace: KeySpace = {
  prefix: 'sshd',
  discloses: 'values',
  help: 'Keywords of sshd, for all connections or for that of `sshd[user=root,addr=192.0.2.1]:`.',
  example: 'sshd[user=root]:PermitRootLogin = no',
  checkKey(written) {
    const key = parseSshdKey(written);
    return typeof key === 'string' ? key : null;
  },
  typeOf,
  open: (host) => new SshdReader(host),
};
