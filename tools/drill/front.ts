/** How the drill's relay is set up: with the API in the attacker's hands as the proxy in front of it. */
import type { HostileApi } from '../lab/hostile-api.ts';
import type { Lab } from '../lab/lab.ts';
import type { People } from './people.ts';

/** One that only the proxy in front of the relay has; elsewhere than on Linux there is one address of this machine alone. */
export const proxyAddress = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';

/** Carol manages accounts, and the API in the attacker's hands is the proxy in front of the relay. */
export function relayEnv(lab: Lab, fleet: string, { roots }: People, api: HostileApi): Record<string, string> {
  const [carol] = roots;
  return {
    MIG_ADMINS: carol.name,
    MIG_PUBLIC_ORIGINS: api.url,
    MIG_TRUST_PROXY: proxyAddress,
    MIG_ROOT_KEYS: lab.writeRootKeys(fleet, roots.length, ...roots),
  };
}
