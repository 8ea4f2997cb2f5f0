/** Settings of the drill's relay: its proxy is the API in the attacker's hands. */
import type { HostileApi } from '../lab/hostile-api.ts';
import type { Lab } from '../lab/lab.ts';
import type { People } from './people.ts';

/** An address that only the proxy in front of the relay has. Other systems than Linux have one loopback address. */
export const proxyAddress = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';

/** Carol manages accounts. The API in the attacker's hands is the proxy in front of the relay. */
export function relayEnv(lab: Lab, fleet: string, { roots }: People, api: HostileApi): Record<string, string> {
  const [carol] = roots;
  return {
    MIG_ADMINS: carol.name,
    MIG_PUBLIC_ORIGINS: api.url,
    MIG_TRUST_PROXY: proxyAddress,
    MIG_ROOT_KEYS: lab.writeRootKeys(fleet, roots.length, ...roots),
  };
}
