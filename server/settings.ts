/** The server's settings: environment variables, read once and checked all together. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { CodedError } from '../protocol/coded-error.ts';

export type SettingsCode = 'settings-malformed';

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

const path = z.string().transform((text) => resolve(text));

const Variables = z.object({
  MIG_DATABASE_URL: urlOf('postgres:', 'postgresql:').optional(),
  MIG_AMQP_URL: urlOf('amqp:', 'amqps:').optional(),
  MIG_AMQP_CA: path.optional(),
  MIG_AMQP_CERT: path.optional(),
  MIG_AMQP_KEY: path.optional(),
  MIG_STATE_DIR: path.optional(),
  MIG_LISTEN: ListenAddress.prefault('127.0.0.1:8443'),
  MIG_AMQP_LISTEN: ListenAddress.prefault('127.0.0.1:5671'),
  MIG_INVESTIGATORS_DIR: path.prefault('keys'),
  MIG_ADMINS: z
    .string()
    .prefault('')
    .transform((text) => text.split(',').filter((name) => name !== '')),
  MIG_TLS_CERT: path.optional(),
  MIG_TLS_KEY: path.optional(),
  MIG_AGENT_PASSWORD: z.string().min(8, 'expected at least 8 characters').max(256).optional(),
  MIG_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface Settings {
  /** Null uses the embedded database. */
  readonly databaseUrl: string | null;
  /** Null uses the embedded broker. */
  readonly amqpUrl: string | null;
  /** Files for TLS to the broker: its CA instead of the operating system's, and what this server shows it. */
  readonly amqpTls: { readonly caFile: string | null; readonly client: CertificateFiles | null };
  readonly stateDir: string;
  readonly listen: Address;
  /** Of the embedded broker. */
  readonly amqpListen: Address;
  /** Whose public keys (*.asc) may log in. */
  readonly investigatorsDir: string;
  /** Names in that folder. */
  readonly admins: readonly string[];
  /** Files; null makes a certificate for this machine in the state folder. */
  readonly tls: CertificateFiles | null;
  /** What agents log in with at the embedded broker; null makes one in the state folder. */
  readonly agentPassword: string | null;
  readonly logLevel: string;
}

function toCertificateFiles(certFile: string | undefined, keyFile: string | undefined): CertificateFiles | null {
  return certFile === undefined || keyFile === undefined ? null : { certFile, keyFile };
}

function defaultStateDir(environment: NodeJS.ProcessEnv): string {
  const { XDG_STATE_HOME: stateHome } = environment;
  return join(
    stateHome === undefined || stateHome === '' ? join(homedir(), '.local', 'state') : stateHome,
    'mig-server',
  );
}

/**
 * An empty variable counts as absent.
 * @throws CodedError<SettingsCode> that names every variable that is wrong
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Variables.safeParse(given);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const values = parsed.data;
  for (const [cert, key] of [['MIG_TLS_CERT', 'MIG_TLS_KEY'] as const, ['MIG_AMQP_CERT', 'MIG_AMQP_KEY'] as const])
    if ((values?.[cert] === undefined) !== (values?.[key] === undefined))
      problems.push(`${cert} and ${key}: expected both or neither`);
  if (values === undefined || problems.length > 0)
    throw new CodedError<SettingsCode>('settings-malformed', problems.join('; '), { hint: 'see mig-server --help' });
  return Object.freeze({
    databaseUrl: values.MIG_DATABASE_URL ?? null,
    amqpUrl: values.MIG_AMQP_URL ?? null,
    amqpTls: {
      caFile: values.MIG_AMQP_CA ?? null,
      client: toCertificateFiles(values.MIG_AMQP_CERT, values.MIG_AMQP_KEY),
    },
    stateDir: values.MIG_STATE_DIR ?? defaultStateDir(environment),
    listen: values.MIG_LISTEN,
    amqpListen: values.MIG_AMQP_LISTEN,
    investigatorsDir: values.MIG_INVESTIGATORS_DIR,
    admins: values.MIG_ADMINS,
    tls: toCertificateFiles(values.MIG_TLS_CERT, values.MIG_TLS_KEY),
    agentPassword: values.MIG_AGENT_PASSWORD ?? null,
    logLevel: values.MIG_LOG_LEVEL,
  });
}
