/** Actions that pages have open: each is read from the relay once, however many pages look at it. */

import { CodedError } from '../../../protocol/base/coded-error.ts';
import type { ActionId } from '../../../protocol/base/identifiers.ts';
import { requireSetting } from '../../cli/require-settings.ts';
import type { CommandContext } from '../../commands/context.ts';
import { readOwnAction } from '../../commands/own-actions.ts';
import type { ReportedAction } from '../../commands/report-answers.ts';
import type { OpenedRelay } from '../../commands/with-relay.ts';
import { KnownAgents } from '../../witness/known-agents.ts';
import { WitnessStore } from '../../witness/witness-store.ts';
import { Case } from './case.ts';

type ShelfCode = 'too-many-open';

/** More would fill the memory: of those that no page follows, the one that was used longest ago is closed. */
const maximumCases = 8;

interface Shelved {
  readonly opened: Promise<Case>;
  /** Undefined while it is being read. */
  case: Case | undefined;
  readonly closing: AbortController;
}

type ShelfContext = Pick<CommandContext, 'modules' | 'signal' | 'settings' | 'keeper'>;

export class CaseShelf {
  /** The one that was used longest ago comes first. */
  readonly #cases = new Map<ActionId, Shelved>();
  readonly #context: ShelfContext;
  readonly #opened: OpenedRelay;

  constructor(opened: OpenedRelay, context: ShelfContext) {
    this.#opened = opened;
    this.#context = context;
  }

  /**
   * One that failed is tried again.
   * @throws CodedError<ShelfCode> and those of `readOwnAction`, when the action is not the investigator's own.
   */
  async open(id: ActionId): Promise<Case> {
    const shelved = this.#cases.get(id);
    if (shelved !== undefined) {
      this.#cases.delete(id);
      this.#cases.set(id, shelved);
      return shelved.opened;
    }
    this.#makeRoom();
    if (this.#cases.size >= maximumCases)
      throw new CodedError<ShelfCode>(
        'too-many-open',
        `expected at most ${maximumCases} actions to be followed at once, and pages follow that many`,
        { hint: 'close a tab, or go to its list of actions' },
      );
    return this.#shelve(id, async () => readOwnAction(this.#opened.relay, id, await this.#opened.key.open()));
  }

  /** An action that this process has just launched: it is out, and has its place whatever else is followed. */
  add(subject: ReportedAction): Promise<Case> {
    this.#makeRoom();
    return this.#shelve(subject.action.id, async () => subject);
  }

  #shelve(id: ActionId, read: () => Promise<ReportedAction>): Promise<Case> {
    const closing = new AbortController();
    const signal = AbortSignal.any([closing.signal, this.#context.signal]);
    const opened = read().then((subject) => this.#toCase(subject, signal));
    const shelved: Shelved = { opened, case: undefined, closing };
    this.#cases.set(id, shelved);
    opened.then(
      (made) => {
        shelved.case = made;
      },
      () => this.#cases.delete(id),
    );
    return opened;
  }

  #toCase(subject: ReportedAction, signal: AbortSignal): Case {
    const { modules, keeper, settings } = this.#context;
    const { stateDirectory } = settings();
    const server = requireSetting(settings(), 'server');
    const known = new KnownAgents(stateDirectory, server, subject.action.fleet, keeper);
    const remembered = { known, witness: new WitnessStore(stateDirectory, server, keeper) };
    return new Case({ relay: this.#opened.relay, subject, modules, remembered, signal });
  }

  /** For one more. */
  #makeRoom(): void {
    for (const [id, { case: made, closing }] of this.#cases) {
      if (this.#cases.size < maximumCases) return;
      if (made === undefined || made.isWatched) continue;
      this.#cases.delete(id);
      closing.abort();
    }
  }
}
