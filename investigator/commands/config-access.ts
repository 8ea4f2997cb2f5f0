/** What the agents let a key ask: by their build, or by the trust list that they go by. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import { checkAcl, toSigners } from '../../protocol/environment/acl.ts';
import { toEffectiveAcl } from '../../protocol/trust/trust-list.ts';
import { type EnvironmentRules, toWeight } from '../ask/judge-signatures.ts';
import type { Relay } from '../relay/relay.ts';
import { ProblemError } from '../relay/transport.ts';
import { getTrustList } from '../relay/trust-lists.ts';
import { toTrustFile } from '../trust/trust-file.ts';

interface Rules extends Pick<EnvironmentRules, 'name' | 'modules' | 'acl' | 'investigators'> {
  /** Where they are from, beyond the build: `; by trust list 3 as the server has it`. */
  readonly source: string;
}

/** The rules of the list that the server has, within the bounds of the build; those of the build where it has none. */
async function readRules(build: EnvironmentRules, relay: Relay | undefined): Promise<Rules> {
  const baked = { ...build, source: '' };
  if (relay === undefined) return baked;
  try {
    const { list } = toTrustFile((await getTrustList(relay, build.name)).envelope);
    const acl = toEffectiveAcl(list, { acl: build.acl, modules: [...build.modules] });
    const source = `; by trust list ${list.version} as the server has it, which agents check for themselves`;
    return { ...build, acl, investigators: list.investigators, source };
  } catch (error) {
    // There is none, or nobody is let in: the check of the login says that.
    if (error instanceof ProblemError && [401, 403, 404].includes(error.status)) return baked;
    throw error;
  }
}

/**
 * Tells what the agents let this key ask, alone or with others.
 * @param relay undefined when the server does not answer: a trust list is then not known.
 * @throws CodedError key-not-in-acl
 */
export async function checkAccess(
  fingerprint: Fingerprint,
  build: EnvironmentRules,
  relay: Relay | undefined,
): Promise<string> {
  const { name, modules, acl, investigators, source } = await readRules(build, relay);
  const people = toSigners(investigators, [fingerprint]);
  const [person] = people;
  if (person === undefined)
    throw new CodedError(
      'key-not-in-acl',
      `expected a key that the agents of ${name} know, got ${fingerprint}${source}`,
      {
        hint: 'they need your public key: in a trust list (mig trust), or in build.config.ts and a new build',
      },
    );
  const verdicts = modules.map((module) => ({ module, outcome: checkAcl(acl, module, people) }));
  const alone = verdicts.filter(({ outcome }) => outcome.kind === 'allowed').map(({ module }) => module);
  const others = verdicts.flatMap(({ module, outcome }) => {
    if (outcome.kind === 'allowed') return [];
    return outcome.minimumWeight === null ? `${module} not at all` : `${module} with others (${toWeight(outcome)})`;
  });
  return `as ${person} in ${name}, alone: ${alone.join(', ') || 'nothing'}${others.map((one) => `; ${one}`).join('')}${source}`;
}
