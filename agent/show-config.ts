/** What `mig-agent config` prints: everything that was baked in, without the secrets of the relay. */
import type { BakedEnvironment, BakedInvestigator } from '../protocol/environment.ts';

export function maskUrl(text: string): string {
  const url = new URL(text);
  if (url.password !== '') url.password = '***';
  return url.href;
}

function toShownPeople(people: readonly BakedInvestigator[]): unknown {
  return people.map(({ name, keys }) => ({ name, keys: keys.map(({ fingerprint }) => fingerprint) }));
}

/** @param modules that are in this executable: some are not for every system. */
export function toShownConfig(environment: BakedEnvironment, modules: readonly string[], version: string): unknown {
  const { relay, investigators, rootkeys, ...rest } = environment;
  return {
    version,
    ...rest,
    modules,
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
