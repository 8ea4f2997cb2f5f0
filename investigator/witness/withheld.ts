/** Answers that the relay keeps back: the agents' own heartbeats show it. */
import type { CommandRecord } from '../../protocol/api/api.ts';
import { escapeWord } from '../../protocol/base/escape.ts';
import type { ActionId } from '../../protocol/base/identifiers.ts';
import { toShortId } from '../print/label.ts';
import { isAnswerWithheld } from './heartbeat.ts';
import type { Warning } from './newcomers.ts';

export function describeWithheld(silent: readonly CommandRecord[], action: ActionId, nowMs: number): Warning[] {
  return silent
    .filter(({ agent, heartbeat }) => isAnswerWithheld(agent, heartbeat, action, nowMs))
    .map(({ agent, name }) => ({
      subject: 'withheld',
      words:
        `${escapeWord(name)}#${toShortId(agent)} says in its own heartbeat that it has answered, ` +
        'and the relay does not show it',
    }));
}
