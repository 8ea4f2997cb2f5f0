/** The baked environment: an entry of build.config.ts after the builder has read and checked every file in it. */

import * as z from 'zod';
import { clockToleranceMs } from '../base/clock.ts';
import { Fingerprint } from '../base/identifiers.ts';
import { maximumResultBytes, maximumTags } from '../base/limits.ts';
import { EnvironmentName, ModuleName, PersonName } from './names.ts';
import { Need } from './need.ts';
import { DisclosureRequirements, defaultProtectedRules, ProtectedRule } from './protection.ts';

/** A rule of the ACL: the weights of the distinct people who signed must reach `minimumWeight`. */
export const AclRule = z.strictObject({
  minimumWeight: z.int().min(1).max(1000),
  /** Weight by the person's name in `investigators`; who is not listed counts nothing. */
  weights: z.record(PersonName, z.int().min(1).max(1000)),
  /** Requirements beyond `minimumWeight`, by class of disclosure. */
  answers: DisclosureRequirements.optional(),
  /** Protected paths for this module, beside the environment's `protected`. */
  protected: z.array(ProtectedRule).max(64).optional(),
});
export type AclRule = z.infer<typeof AclRule>;

/** By module name; `default` holds for the modules that have no rule of their own. A module without either is denied. */
export const Acl = z.record(z.union([ModuleName, z.literal('default')]), AclRule);
export type Acl = z.infer<typeof Acl>;

/** Ceilings that no action can raise. */
export const Limits = z.strictObject({
  /** How far the agent's clock may be off before `validfrom` and `expireafter` are held against it. */
  clockSkewSeconds: z
    .int()
    .min(0)
    .max(3600)
    .default(clockToleranceMs / 1000),
  /** The longest `validfrom`…`expireafter` that is accepted. */
  maximumWindowSeconds: z
    .int()
    .min(60)
    .max(90 * 86_400)
    .default(7 * 86_400),
  /** Wall time of one operation. */
  moduleSeconds: z.int().min(1).max(86_400).default(300),
  /** Resident memory of one module process; on Linux each of its threads that unpacks has a process with up to 144 MiB besides. */
  moduleMemoryMiB: z.int().min(64).max(65_536).default(512),
  /** Share of one core that a module process may use. */
  cpuPercent: z.int().min(1).max(100).default(100),
  /** Threads of one module process. */
  moduleThreads: z.int().min(1).max(64).default(2),
  /** Plain size of one result. */
  resultBytes: z
    .int()
    .min(1024)
    .max(maximumResultBytes)
    .default(8 * 1024 * 1024),
  /** Module processes side by side, so that a short question does not wait behind a long one. */
  parallelModules: z.int().min(1).max(16).default(2),
  /** Checks of protected content that are answered within any hour, whoever asks. */
  protectedQuestionsPerHour: z.int().min(0).max(100_000).default(60),
});
export type Limits = z.infer<typeof Limits>;

export const BakedInvestigator = z.strictObject({
  name: PersonName,
  /** OpenPGP public keys, armored; several keys of one person count as that one person. */
  keys: z
    .array(z.strictObject({ fingerprint: Fingerprint, armored: z.string().max(256 * 1024) }))
    .min(1)
    .max(16),
});
export type BakedInvestigator = z.infer<typeof BakedInvestigator>;

/** Whose keys sign trust lists, and how many distinct people it takes. */
export const BakedRootKeys = z.strictObject({
  people: z.array(BakedInvestigator).min(1).max(64),
  threshold: z.int().min(1).max(64),
});

/** Each heartbeat brings them all. */
const maximumTagsBytes = 16 * 1024;

export const BakedEnvironment = z.strictObject({
  name: EnvironmentName,
  relay: z.strictObject({
    /** AMQP URL with the agents' credentials: `amqps://mig-agent:secret@relay.example.org:5671/mig`. */
    url: z.string().max(2048),
    /** The CA that signed the relay's certificate, PEM; null trusts the operating system's store. */
    ca: z
      .string()
      .max(256 * 1024)
      .nullable(),
    /** Certificate that the agents show before they say their password; one for the environment, PEM. */
    clientCertificate: z
      .strictObject({ certificate: z.string().max(256 * 1024), key: z.string().max(256 * 1024) })
      .nullable(),
    /** HTTP proxies on the way to the relay, tried in this order, before no proxy: `http://user:secret@proxy.example.org:3128`. */
    proxies: z.array(z.string().max(2048)).max(16),
  }),
  investigators: z.array(BakedInvestigator).min(1).max(256),
  /** Null when agents know nobody but whom they were built with. */
  rootkeys: BakedRootKeys.nullable().default(null),
  acl: Acl,
  /** Paths that need more, for every module. */
  protected: z
    .array(ProtectedRule)
    .max(64)
    .default(() => structuredClone([...defaultProtectedRules])),
  tags: z
    .record(z.string().max(64), z.string().max(256))
    .refine((tags) => Object.keys(tags).length <= maximumTags, `expected at most ${maximumTags} tags`)
    .refine(
      (tags) => Buffer.byteLength(JSON.stringify(tags)) <= maximumTagsBytes,
      `expected tags of at most ${maximumTagsBytes} bytes together`,
    ),
  limits: Limits,
  modules: z.array(ModuleName).min(1),
  /** Needs of these modules together. */
  needs: z.array(Need),
  heartbeatSeconds: z.int().min(1).max(86_400),
  /** Answers tell whether something was found, and how much. No path, name or address leaves the host. */
  extraPrivacy: z.boolean().default(false),
});
export type BakedEnvironment = z.infer<typeof BakedEnvironment>;
