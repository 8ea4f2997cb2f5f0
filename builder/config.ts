/** The schema of build.config.ts, as a sysadmin writes it, before its files are read. */
import * as z from 'zod';
import { Fingerprint } from '../protocol/base/identifiers.ts';
import { Acl, BakedEnvironment, Limits } from '../protocol/environment/environment.ts';
import { EnvironmentName, ModuleName, PersonName } from '../protocol/environment/names.ts';

const Path = z.string().min(1).max(4096);

const KeyInput = z.strictObject({
  /** Armored OpenPGP public key; relative to the folder of the config file. */
  file: Path,
  /** 40 hex digits as `gpg --show-keys` prints them; spaces are allowed. */
  fingerprint: Fingerprint,
});

const InvestigatorInput = z.strictObject({ keys: z.array(KeyInput).min(1).max(16) });

export const EnvironmentInput = z.strictObject({
  relay: z.strictObject({
    /** `amqps://user:password@host:port/vhost`; plain `amqp:` only for a relay on the same machine. */
    url: z.string().max(2048),
    /** PEM file of the CA that signed the relay's certificate; without it, the operating system's store. */
    ca: Path.optional(),
    /** PEM files for a broker with client certificates. */
    clientCertificate: z.strictObject({ certificate: Path, key: Path }).optional(),
    /** `http://user:password@host:port`, tried in this order; last, no proxy. */
    proxies: z.array(z.string().max(2048)).max(16).default([]),
  }),
  /** By the person's name, as in `acl`. */
  investigators: z
    .record(PersonName, InvestigatorInput)
    .refine((people) => Object.keys(people).length > 0, 'expected at least one person'),
  /** Whose keys sign trust lists, and how many of these people it takes; without it people change only by a new build. */
  rootkeys: z
    .strictObject({
      people: z.record(PersonName, InvestigatorInput),
      threshold: z.int().min(1).max(64),
    })
    .optional(),
  acl: Acl,
  /** Instead of the usual places of secrets (docs/sysadmin.md); `[]` protects nothing. */
  protected: BakedEnvironment.shape.protected,
  tags: BakedEnvironment.shape.tags.default({}),
  limits: Limits.prefault({}),
  modules: z.array(ModuleName).min(1),
  heartbeatSeconds: BakedEnvironment.shape.heartbeatSeconds.default(60),
  extraPrivacy: BakedEnvironment.shape.extraPrivacy,
});
export type EnvironmentInput = z.output<typeof EnvironmentInput>;

export const BuildConfig = z.strictObject({ environments: z.record(EnvironmentName, EnvironmentInput) });
/** The config as it is written; fields with a default are optional. */
export type BuildConfigInput = z.input<typeof BuildConfig>;
export type BuildConfig = z.output<typeof BuildConfig>;

/** Gives editors the type of build.config.ts; the builder checks the values. */
export function defineConfig(config: BuildConfigInput): BuildConfigInput {
  return config;
}
