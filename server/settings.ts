/** The server's settings: environment variables, read once and checked all together. */
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { findLoopback, toHostPort } from '../host/loopback.ts';
import { findUserFolders } from '../host/user-folders.ts';
import { CodedError } from '../protocol/base/coded-error.ts';
import { suggest } from '../protocol/base/suggest.ts';

type SettingsCode = 'settings-malformed';

export interface Address {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** `127.0.0.1:8443`, `[::1]:0`, `localhost:5671`. */
const ListenAddress = z.string().transform((text, context): Address => {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host !== undefined && port <= 65_535) return { host, port };
  context.addIssue({
    code: 'custom',
    message: `expected host:port such as 127.0.0.1:8443, got ${JSON.stringify(text)}`,
  });
  return z.NEVER;
});

function urlOf(...protocols: string[]) {
  return z.string().refine((text) => protocols.includes(URL.parse(text)?.protocol ?? ''), {
    // The URL may hold a password, so it is not repeated.
    error: `expected a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });
}

function numberOf(minimum: number, maximum: number) {
  const digits = z.string().regex(/^\d{1,9}$/, 'expected a whole number');
  return digits.transform(Number).pipe(z.int().min(minimum).max(maximum));
}

function listOf<Item>(parse: (text: string) => Item | null, expected: string) {
  return z
    .string()
    .prefault('')
    .transform((text, context): Item[] =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .flatMap((part) => {
          const item = parse(part);
          if (item !== null) return [item];
          context.addIssue({ code: 'custom', message: `expected ${expected}, got ${JSON.stringify(part)}` });
          return [];
        }),
    );
}

function toOrigin(text: string): string | null {
  const url = URL.parse(text);
  const isBare = url?.pathname === '/' && `${url.search}${url.hash}${url.username}${url.password}` === '';
  return url?.protocol === 'https:' && isBare ? url.origin : null;
}

export interface Network {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  /** Bits that all its addresses share. */
  readonly prefix: number;
}

function toNetwork(text: string): Network | null {
  const [address = '', prefix, ...others] = text.split('/');
  const version = isIP(address);
  const bits = version === 6 ? 128 : 32;
  const given = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (version === 0 || others.length > 0 || !(given <= bits)) return null;
  return { address, family: version === 6 ? 'ipv6' : 'ipv4', prefix: given };
}

const path = z.string().transform((text) => resolve(text));

const Variables = z.object({
  MIG_DATABASE_URL: urlOf('postgres:', 'postgresql:').optional(),
  MIG_AMQP_URL: urlOf('amqp:', 'amqps:').optional(),
  MIG_AMQP_CA: path.optional(),
  MIG_AMQP_CERT: path.optional(),
  MIG_AMQP_KEY: path.optional(),
  MIG_STATE_DIR: path.optional(),
  MIG_LISTEN: ListenAddress.prefault(() => toHostPort({ host: findLoopback(), port: 8443 })),
  MIG_AMQP_LISTEN: ListenAddress.prefault(() => toHostPort({ host: findLoopback(), port: 5671 })),
  MIG_INVESTIGATORS_DIR: path.prefault('keys'),
  MIG_ROOT_KEYS: path.optional(),
  MIG_REMOVE_EVERYBODY: z.enum(['on', 'off']).default('off'),
  MIG_ADMINS: z
    .string()
    .prefault('')
    .transform((text) => text.split(',').filter((name) => name !== '')),
  MIG_PUBLIC_ORIGINS: listOf(toOrigin, 'the beginning of a URL such as https://relay.example.org:8443'),
  MIG_TRUST_PROXY: listOf(toNetwork, 'an address or a network such as 10.1.0.0/16'),
  MIG_TLS_CERT: path.optional(),
  MIG_TLS_KEY: path.optional(),
  MIG_AGENT_PASSWORD: z.string().min(8, 'expected at least 8 characters').max(256).optional(),
  MIG_TLS: z.enum(['on', 'off']).default('on'),
  MIG_ONLINE_SECONDS: numberOf(1, 86_400).default(180),
  MIG_IDLE_SECONDS: numberOf(1, 30 * 86_400).default(1800),
  MIG_ACTION_DAYS: numberOf(1, 36_500).default(90),
  MIG_AGENT_DAYS: numberOf(1, 36_500).default(90),
  MIG_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface StatusLimits {
  readonly onlineSeconds: number;
  readonly idleSeconds: number;
}

export interface Retention {
  /** Kept for so long after their expiry, with their answers. */
  readonly actionDays: number;
  /** Kept for so long after they were last heard. */
  readonly agentDays: number;
}

export interface Settings {
  /** Null uses the embedded database. */
  readonly databaseUrl: string | null;
  /** Null uses the embedded broker. */
  readonly amqpUrl: string | null;
  /** Files for TLS to the broker: its CA instead of the operating system's, and what this server shows it. */
  readonly amqpTls: { readonly caFile: string | null; readonly client: CertificateFiles | null };
  readonly stateDir: string;
  /** Plain HTTP, which is for the loopback interface only. */
  readonly plainHttp: boolean;
  readonly listen: Address;
  /** Address of the embedded broker. */
  readonly amqpListen: Address;
  /** Whose public keys (*.asc) may log in. */
  readonly investigatorsDir: string;
  /** Whether a start may remove all who had a key in that folder. */
  readonly mayRemoveEverybody: boolean;
  /** Names in that folder. */
  readonly admins: readonly string[];
  /** JSON file that names the public halves of root keys; null carries no trust lists. */
  readonly rootKeysFile: string | null;
  /** Under which investigators reach this relay, beside the names in the certificate that this server itself shows. */
  readonly publicOrigins: readonly string[];
  /** Proxies that end TLS in front of this relay and say where a request came from. */
  readonly trustedProxies: readonly Network[];
  /** Files; null makes a certificate for this machine in the state folder. */
  readonly tls: CertificateFiles | null;
  /** Password of agents at the embedded broker; null makes one in the state folder. */
  readonly agentPassword: string | null;
  readonly statusLimits: StatusLimits;
  readonly retention: Retention;
  readonly logLevel: string;
  /** Variables that look like settings and are none, as findUnreadVariables words them. */
  readonly unread: readonly string[];
}

function toCertificateFiles(certFile: string | undefined, keyFile: string | undefined): CertificateFiles | null {
  return certFile === undefined || keyFile === undefined ? null : { certFile, keyFile };
}

const loopback = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

function findContradictions(values: z.infer<typeof Variables>): string[] {
  const problems = (['MIG_TLS', 'MIG_AMQP'] as const)
    .filter((name) => (values[`${name}_CERT`] === undefined) !== (values[`${name}_KEY`] === undefined))
    .map((name) => `${name}_CERT and ${name}_KEY: expected both or neither`);
  if (values.MIG_TLS === 'off' && !loopback.test(values.MIG_LISTEN.host))
    problems.push(`MIG_TLS: expected off with a loopback address only, got it with ${values.MIG_LISTEN.host}`);
  if (values.MIG_IDLE_SECONDS < values.MIG_ONLINE_SECONDS)
    problems.push('MIG_IDLE_SECONDS: expected at least MIG_ONLINE_SECONDS');
  return problems;
}

/** Those of `mig`, and of its builds: a shell may have them for other reasons. */
const ofOthers = /^MIG_(SERVER|CA|FLEET|KEY|KEY_PASSPHRASE_FILE|PROXY|KEYS|CONFIG|TEST_\w+)$/;

/** Variables that nobody reads, each with the name that was probably meant: `MIG_TSL_CERT; did you mean MIG_TLS_CERT?` */
function findUnreadVariables(env: NodeJS.ProcessEnv): string[] {
  const known = Object.keys(Variables.shape);
  return Object.keys(env)
    .filter((name) => name.startsWith('MIG_') && !known.includes(name) && !ofOthers.test(name))
    .map((name) => {
      const near = suggest(name, known);
      return near === undefined ? name : `${name}; did you mean ${near}?`;
    });
}

/**
 * An empty variable counts as absent.
 * @throws CodedError<SettingsCode> that names every variable that is wrong
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Variables.safeParse(given);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const values = parsed.data;
  if (values !== undefined) problems.push(...findContradictions(values));
  if (values === undefined || problems.length > 0)
    throw new CodedError<SettingsCode>('settings-malformed', problems.join('; '), { hint: 'see mig-server --help' });
  return Object.freeze({
    databaseUrl: values.MIG_DATABASE_URL ?? null,
    amqpUrl: values.MIG_AMQP_URL ?? null,
    amqpTls: {
      caFile: values.MIG_AMQP_CA ?? null,
      client: toCertificateFiles(values.MIG_AMQP_CERT, values.MIG_AMQP_KEY),
    },
    stateDir: values.MIG_STATE_DIR ?? join(findUserFolders(env, 'linux').state, 'mig-server'),
    plainHttp: values.MIG_TLS === 'off',
    listen: values.MIG_LISTEN,
    amqpListen: values.MIG_AMQP_LISTEN,
    investigatorsDir: values.MIG_INVESTIGATORS_DIR,
    mayRemoveEverybody: values.MIG_REMOVE_EVERYBODY === 'on',
    admins: values.MIG_ADMINS,
    rootKeysFile: values.MIG_ROOT_KEYS ?? null,
    publicOrigins: values.MIG_PUBLIC_ORIGINS,
    trustedProxies: values.MIG_TRUST_PROXY,
    tls: toCertificateFiles(values.MIG_TLS_CERT, values.MIG_TLS_KEY),
    agentPassword: values.MIG_AGENT_PASSWORD ?? null,
    statusLimits: { onlineSeconds: values.MIG_ONLINE_SECONDS, idleSeconds: values.MIG_IDLE_SECONDS },
    retention: { actionDays: values.MIG_ACTION_DAYS, agentDays: values.MIG_AGENT_DAYS },
    logLevel: values.MIG_LOG_LEVEL,
    unread: findUnreadVariables(env),
  });
}
