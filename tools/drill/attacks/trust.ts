/** Attacks on whom agents obey. */
import { newActionId } from '../../../protocol/base/identifiers.ts';
import type { TrustEnvelope } from '../../../protocol/trust/trust-list.ts';
import type { TrustCode } from '../../../protocol/trust/trust-refusals.ts';
import { type Attack, must, noticedIn } from '../attack.ts';
import type { Stage } from '../stage.ts';

function refusedList(
  name: string,
  tried: string,
  code: TrustCode,
  make: (stage: Stage) => Promise<TrustEnvelope>,
): Attack {
  return {
    name,
    tried,
    run: async (stage) => {
      const envelope = await make(stage);
      const said = stage.agent.lines.length;
      await stage.sendTrust(envelope);
      await stage.agent.waitForLine((line) => stage.agent.lines.indexOf(line) >= said && line.includes('a trust list'));
      const last = (await stage.audit()).findLast(
        (line) => line.includes('trust list') || line.includes('trusted list'),
      );
      must(last?.includes(code) === true, `expected ${code}, the owner reads: ${last}`);
      return { by: 'agent', how: `refused: ${code}, also in the audit log` };
    },
  };
}

export const trustAttacks: readonly Attack[] = [
  refusedList('old trust list', 'the list before the one in force', 'trust-older', async (stage) => {
    await stage.trust({});
    const list = stage.newTrustList({ version: stage.trustVersion - 1 });
    return stage.signTrust(list, ...stage.people.roots);
  }),
  refusedList('forked trust list', 'another list of the same version', 'trust-older', async (stage) => {
    const list = stage.newTrustList({ version: stage.trustVersion, revokedactions: [newActionId()] });
    return stage.signTrust(list, ...stage.people.roots);
  }),
  refusedList('threshold not reached by distinct people', 'one root key twice', 'trust-threshold', (stage) => {
    const [carol] = stage.people.roots;
    return stage.signTrust(stage.newTrustList({}), carol, carol);
  }),
  refusedList('trust list by investigators', 'signed by those who may ask', 'trust-threshold', (stage) =>
    stage.signTrust(stage.newTrustList({}), stage.people.alice, stage.people.bob),
  ),
  refusedList('trust list out of bounds', 'less weight than the build asks for', 'trust-out-of-bounds', (stage) => {
    const acl = { default: { minimumWeight: 1, weights: { bob: 1 } } };
    return stage.signTrust(stage.newTrustList({ acl }), ...stage.people.roots);
  }),
  refusedList('trust list of another fleet', "production's list", 'trust-wrong-fleet', (stage) =>
    stage.signTrust(stage.newTrustList({ fleet: 'production' }), ...stage.people.roots),
  ),
  {
    name: 'each agent given another list of one version',
    tried: 'holders of root keys sign two, the relay takes one to each agent',
    run: async (stage) => {
      await stage.forkTrust({ revokedactions: [newActionId()] });
      for (const agent of [stage.agentId, stage.secondId]) await stage.nextHeartbeat(agent);
      const { code, stdout, stderr } = await stage.migThrough({}, ['witness']);
      const asked = await stage.mig(stage.question(stage.agentId, stage.secondId));
      await stage.trust({});
      must(code === 3, `exit code ${code}: ${stdout}${stderr}`);
      must(/different trust lists/.test(asked.stderr), `nothing is said with the answers: ${asked.stderr}`);
      return noticedIn('investigator', stdout, /trust-forked .*/);
    },
  },
  {
    name: 'action that was revoked',
    tried: 'an action whose id a trust list has revoked',
    run: async (stage) => {
      const { action } = await stage.compose();
      await stage.trust({ revokedactions: [action.id], revokedkeys: [stage.people.leaver.fingerprint] });
      return stage.refuses(action, await stage.envelope(action, stage.people.alice), ['action-revoked']);
    },
  },
];
