/** Asks one agent one question through a relay of the tests, and opens the answer. */
import type { Action } from '../protocol/action/action.ts';
import type { AgentId } from '../protocol/base/identifiers.ts';
import type { OperationResult } from '../protocol/result/result.ts';
import { ResultOpener } from '../protocol/result/sealed.ts';
import { composeAction, toCommand, toEnvelope } from '../tools/lab/compose.ts';
import type { HostileRelay } from '../tools/lab/hostile-relay.ts';
import type { LabInvestigator } from '../tools/lab/investigator-key.ts';

/** @throws Error when the agent refuses it. */
export async function askAgent(
  relay: HostileRelay,
  to: { readonly fleet: string; readonly agent: AgentId },
  signer: LabInvestigator,
  operation: Action['operations'][number],
): Promise<OperationResult> {
  const { action, replyKey } = await composeAction(to.fleet, signer, { operations: [operation] });
  const command = toCommand(action, to.agent, await toEnvelope(action, [signer]));
  await relay.send(to.agent, Buffer.from(JSON.stringify(command)));
  const report = await relay.waitForReport(command.id);
  if (report.kind !== 'result') throw new Error(`expected an answer, got ${JSON.stringify(report)}`);
  const opener = new ResultOpener(replyKey.privateKey);
  const [answer] = opener.open(report.sealed, { action: action.id, agent: to.agent }).operations;
  if (answer === undefined) throw new Error('expected the outcome of one operation, got none');
  return answer;
}
