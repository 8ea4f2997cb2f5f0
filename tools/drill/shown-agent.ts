/** What the drill's relay shows of an agent, asked without `mig`: that is a program of its own each time. */
import { openHeartbeat } from '../../investigator/witness/heartbeat.ts';
import type { Heartbeat } from '../../protocol/agent-message/agent-message.ts';
import { AgentRecord } from '../../protocol/api/api.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
import { eventually } from '../lab/eventually.ts';
import type { RelaySession } from './relay-session.ts';

const patienceMs = 30_000;

/** Whether the relay shows this heartbeat or a later one of the same program. */
export function isSince({ id, heartbeat }: AgentRecord, heard: Heartbeat): boolean {
  const shown = heartbeat === undefined ? undefined : openHeartbeat(id, heartbeat);
  return shown?.instance === heard.instance && shown.sequence >= heard.sequence;
}

/** @throws Error when the agent is not shown as expected in good time. */
export async function waitUntilShown(
  session: RelaySession,
  agent: AgentId,
  isExpected: (shown: AgentRecord) => boolean,
): Promise<void> {
  let said = '';
  await eventually(
    async () => {
      const { status, code, body } = await session.call('GET', `/agents/${agent}`);
      said = code;
      return status === 200 && isExpected(AgentRecord.parse(body));
    },
    patienceMs,
    () => `the relay to show agent ${agent}, which says ${said}`,
  );
}
