/** `mig-agent config` prints everything that was baked in, without the relay's secrets. */
import type { readConfinement } from '../native/own-process.ts';
import type { BakedEnvironment, BakedInvestigator } from '../protocol/environment/environment.ts';

function maskUrl(text: string): string {
  const url = new URL(text);
  if (url.password !== '') url.password = '***';
  return url.href;
}

function toShownPeople(people: readonly BakedInvestigator[]): unknown {
  return people.map(({ name, keys }) => ({ name, keys: keys.map(({ fingerprint }) => fingerprint) }));
}

type Confinement = ReturnType<typeof readConfinement>;

const missing = 'not on this system';

/** The measures that are in force on this host before a module sees a question. */
function toShownConfinement(confinement: Confinement): unknown {
  const { capabilities, callFilter, restrictedToken } = confinement;
  return {
    capabilities: capabilities ? 'those that the question needs' : missing,
    systemcalls: callFilter ? 'those that the question needs (seccomp)' : missing,
    files: toShownFiles(confinement),
    token: restrictedToken ? 'privileges that the question needs, in a job that starts no process' : missing,
  };
}

function toShownFiles({ readOnlyVersion, lowIntegrity, lowIntegrityForProcesses }: Confinement): string {
  if (readOnlyVersion > 0)
    return `read only; agents' folders, by every bind mount, and devices closed; unless processes are read (Landlock ${readOnlyVersion})`;
  if (!lowIntegrity) return missing;
  return `read only${lowIntegrityForProcesses ? '' : ', unless processes are read'} (low integrity)`;
}

/** The configuration as it applies to this executable on this host. */
export interface HostConfig {
  /** Some are not for every system. */
  readonly modules: readonly string[];
  readonly confinement: Confinement;
}

export function toShownConfig(
  environment: BakedEnvironment,
  { modules, confinement }: HostConfig,
  version: string,
): unknown {
  const { relay, investigators, rootkeys, ...rest } = environment;
  return {
    version,
    ...rest,
    modules,
    confinement: toShownConfinement(confinement),
    relay: {
      url: maskUrl(relay.url),
      ca: relay.ca,
      proxies: relay.proxies.map(maskUrl),
      clientCertificate: relay.clientCertificate === null ? null : { ...relay.clientCertificate, key: '***' },
    },
    investigators: toShownPeople(investigators),
    rootkeys: rootkeys === null ? null : { people: toShownPeople(rootkeys.people), threshold: rootkeys.threshold },
  };
}
