/** Actions that pages have open: each is read from the relay once, however many pages look at it. */
import type { ActionId } from '../../../protocol/base/identifiers.ts';
import type { CommandContext } from '../../commands/context.ts';
import { readOwnAction } from '../../commands/own-actions.ts';
import type { ReportedAction } from '../../commands/report-answers.ts';
import type { OpenedRelay } from '../../commands/with-relay.ts';
import { Case } from './case.ts';

/** More would fill the memory: the one that was opened first is closed. */
const maximumCases = 8;

interface Shelved {
  readonly opened: Promise<Case>;
  readonly closing: AbortController;
}

export class CaseShelf {
  readonly #cases = new Map<ActionId, Shelved>();
  readonly #context: Pick<CommandContext, 'modules' | 'signal'>;
  readonly #opened: OpenedRelay;

  constructor(opened: OpenedRelay, context: Pick<CommandContext, 'modules' | 'signal'>) {
    this.#opened = opened;
    this.#context = context;
  }

  /** @throws CodedError when the action is not the investigator's own. One that failed is tried again. */
  open(id: ActionId): Promise<Case> {
    const shelved = this.#cases.get(id);
    if (shelved !== undefined) return shelved.opened;
    return this.#shelve(id, async () => readOwnAction(this.#opened.relay, id, await this.#opened.key.open()));
  }

  /** An action that this process has just launched. */
  add(subject: ReportedAction): Promise<Case> {
    return this.#shelve(subject.action.id, async () => subject);
  }

  #shelve(id: ActionId, read: () => Promise<ReportedAction>): Promise<Case> {
    const closing = new AbortController();
    const { modules, signal } = this.#context;
    const until = AbortSignal.any([closing.signal, signal]);
    const opened = read().then((subject) => new Case(this.#opened.relay, subject, modules, until));
    this.#cases.set(id, { opened, closing });
    opened.catch(() => this.#cases.delete(id));
    for (const [oldest, { closing: end }] of this.#cases) {
      if (this.#cases.size <= maximumCases) break;
      this.#cases.delete(oldest);
      end.abort();
    }
    return opened;
  }
}
