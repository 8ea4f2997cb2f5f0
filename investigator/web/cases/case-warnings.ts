/** What a person must know of the answers of an open action, in the words of the command line. */
import type { CommandRecord } from '../../../protocol/api/api.ts';
import type { ActionId, AgentId } from '../../../protocol/base/identifiers.ts';
import { plural } from '../../../protocol/base/plural.ts';
import type { ResultAnswer } from '../../answers/answer.ts';
import { toLabel } from '../../print/label.ts';
import { TrustVersions } from '../../trust/describe-trust.ts';
import type { KnownAgents } from '../../witness/known-agents.ts';
import { Newcomers } from '../../witness/newcomers.ts';
import { describeWithheld } from '../../witness/withheld.ts';
import type { WitnessStore } from '../../witness/witness-store.ts';

/** The screen of those who answered lists them all. */
const namedWithheld = 3;

/** What was known of the fleet's agents before. */
export interface Remembered {
  readonly known: KnownAgents;
  readonly witness: WitnessStore;
}

export class CaseWarnings {
  /** Escaped. */
  readonly lines: string[] = [];
  readonly #remembered: Remembered;
  readonly #newcomers: Newcomers;
  readonly #trust = new TrustVersions();

  constructor(remembered: Remembered) {
    this.#remembered = remembered;
    this.#newcomers = new Newcomers(remembered.known);
  }

  /** @returns what the agent is called in the lists. */
  add(answer: ResultAnswer): string {
    const said = this.#newcomers.add(answer);
    if (said !== undefined) this.lines.push(`${said.subject} ${said.words}`);
    if (answer.trust !== undefined) this.#trust.add(answer.trust);
    return toLabel(answer, this.#remembered.known.isShared(answer.name));
  }

  /** Once all answers are there. @param heard agents whose results were opened. */
  end(action: ActionId, silent: readonly CommandRecord[], heard: Iterable<AgentId>): void {
    const nowMs = Date.now();
    const more = this.#newcomers.describeMore();
    const withheld = describeWithheld(silent, action, nowMs).map(({ subject, words }) => `${subject}: ${words}`);
    const others = withheld.length - namedWithheld;
    this.lines.push(
      ...(more === undefined ? [] : [more]),
      ...this.#trust.summarise(nowMs),
      ...withheld.slice(0, namedWithheld),
      ...(others > 0 ? [`${plural(others, 'more answer is', 'more answers are')} withheld`] : []),
    );
    this.#remembered.witness.hear(heard, nowMs);
  }

  /** Also of an action that is closed before its end. */
  save(): void {
    this.#remembered.known.save();
  }
}
