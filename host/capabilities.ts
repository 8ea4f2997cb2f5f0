/** Linux capabilities by need. The unit bounds the agent by them; the sysadmin's page lists them per module. */
import type { Need } from '../protocol/environment/need.ts';

/** Null: the need takes no capability. @see capabilities(7), setns(2) for namespaces */
const capabilitiesByNeed = {
  files: 'CAP_DAC_READ_SEARCH',
  processes: 'CAP_SYS_PTRACE',
  'mapped-files': null,
  'kernel-tables': null,
  'network-namespaces': 'CAP_SYS_ADMIN',
  clock: null,
  unpackers: null,
} as const satisfies Readonly<Record<Need, string | null>>;

type Capability = NonNullable<(typeof capabilitiesByNeed)[Need]>;

/** What each allows, as the documentation says it. */
export const capabilityMeanings: Readonly<Record<Capability, string>> = {
  CAP_DAC_READ_SEARCH: 'reads every file',
  CAP_SYS_PTRACE: 'looks into other processes',
  CAP_SYS_ADMIN: 'asks in the network namespaces of containers',
};

/** In alphabetical order. */
export function capabilitiesOf(needs: readonly Need[]): Capability[] {
  return needs.flatMap((need) => capabilitiesByNeed[need] ?? []).sort();
}
