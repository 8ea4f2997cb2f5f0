/** Check 4.11: the target is not false by this agent's own facts. What only the relay knows counts as unknown. */
import type { Action } from '../../../protocol/action/action.ts';
import { toMessage } from '../../../protocol/base/coded-error.ts';
import { toInstant } from '../../../protocol/base/instant.ts';
import { evaluateTarget, type TargetFacts } from '../../../protocol/target/evaluate.ts';
import { parseTarget } from '../../../protocol/target/parser.ts';
import { RefusalError } from '../refusal.ts';
import type { Verifier } from '../verifier.ts';

/** @returns null when it cannot be told. */
function matches(verifier: Verifier, { target, validfrom }: Pick<Action, 'target' | 'validfrom'>, nowMs: number) {
  const skewMs = verifier.environment.limits.clockSkewSeconds * 1000;
  const facts: TargetFacts = {
    id: verifier.agent,
    ...verifier.readFacts(),
    starttime: toInstant(verifier.startedMs),
    relayTime: { earliestMs: Date.parse(validfrom) - skewMs, latestMs: nowMs + skewMs },
  };
  try {
    return evaluateTarget(parseTarget(target), facts, verifier.matchRegex);
  } catch (cause) {
    throw new RefusalError('malformed', `target: ${toMessage(cause)}`, { cause });
  }
}

/** @throws RefusalError malformed, target-mismatch */
export function assertTarget(verifier: Verifier, action: Pick<Action, 'target' | 'validfrom'>, nowMs: number): void {
  if (matches(verifier, action, nowMs) === false) throw new RefusalError('target-mismatch', action.target);
}
