/** Launches that a page asks for: drafted, counted down here and in the terminal, signed and sent by this process alone. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { escapeText } from '../../../protocol/base/escape.ts';
import { plural } from '../../../protocol/base/plural.ts';
import { assertAnswerable } from '../../ask/check-question.ts';
import { describeQuestion } from '../../ask/describe-action.ts';
import { newAction } from '../../ask/new-action.ts';
import { toDuration } from '../../cli/duration.ts';
import { requireSetting } from '../../cli/require-settings.ts';
import type { CommandContext } from '../../commands/context.ts';
import { countSome } from '../../commands/count-agents.ts';
import { countsOf } from '../../commands/follow.ts';
import type { QuestionCommand } from '../../commands/question-command.ts';
import { resolveTarget } from '../../commands/resolve-target.ts';
import type { OpenedRelay } from '../../commands/with-relay.ts';
import type { CaseShelf } from '../cases/case-shelf.ts';
import type { Draft, LaunchEvent } from '../messages.ts';
import type { Person } from '../person.ts';
import { toQuestion } from './compose.ts';
import { findSensitive, type Sensitive } from './sensitive.ts';

type LaunchCode = 'no-draft' | 'too-many-launches' | 'asks-this-machine';

const countdownSeconds = 5;
const maximumPerMinute = 6;
const minuteMs = 60_000;
const draftLifeMs = 10 * 60_000;
const maximumDrafts = 8;

const sensitiveWords: Readonly<Record<Sensitive, string>> = {
  memory: 'the page asks for memory of processes',
  content: 'the page asks for content',
  unknown: 'the page asks what this mig cannot read',
};

interface DraftedQuestion extends QuestionCommand {
  readonly sentence: string;
  readonly agents: number;
  readonly sensitive: Sensitive | undefined;
  readonly draftedMs: number;
}

export interface LaunchesOptions {
  readonly context: CommandContext;
  readonly opened: OpenedRelay;
  readonly shelf: CaseShelf;
  readonly person: Person;
}

export class Launches {
  readonly #options: LaunchesOptions;
  readonly #drafts = new Map<string, DraftedQuestion>();
  /** Times of the latest ones. */
  #launchedMs: number[] = [];

  constructor(options: LaunchesOptions) {
    this.#options = options;
  }

  /** Says what would happen; nothing is signed. @throws CodedError of every kind that asking has */
  async draft(line: string): Promise<Draft> {
    const { context, opened } = this.#options;
    const { modules, console } = context;
    const question = toQuestion(line, modules);
    assertAnswerable(question.template.operations, modules);
    const target = await resolveTarget(question.target, context, true);
    if (target === 'local')
      throw new CodedError<LaunchCode>('asks-this-machine', 'expected a question to agents, got one to this machine', {
        hint: 'run the line in a terminal: this machine answers there',
      });
    const agents = await countSome(opened.relay, target, requireSetting(context.settings(), 'fleet'), console);
    const words = question.template.operations.flatMap((operation) => describeQuestion(operation, modules));
    const sentence = escapeText(
      `${question.template.operations.map(({ module }) => module).join(', ')}: ${words.join('; ')}; ` +
        `${plural(agents, 'agent', 'agents')} that fit ${target}; within ${toDuration(question.options.expiryMs)}`,
    );
    const sensitive = findSensitive(question.template.operations, modules);
    const nonce = randomBytes(24).toString('base64url');
    this.#drafts.set(nonce, { ...question, target, sentence, agents, sensitive, draftedMs: Date.now() });
    for (const oldest of this.#drafts.keys()) {
      if (this.#drafts.size <= maximumDrafts) break;
      this.#drafts.delete(oldest);
    }
    return { nonce, sentence, needsPerson: sensitive !== undefined };
  }

  /** @param signal aborted when the page is closed or its person stops; then nothing is sent. */
  async *launch(nonce: string, signal: AbortSignal): AsyncGenerator<LaunchEvent> {
    const draft = this.#take(nonce);
    const { context, opened, shelf, person } = this.#options;
    const { console } = context;
    const until = AbortSignal.any([signal, context.signal]);
    if (draft.sensitive !== undefined) {
      yield { kind: 'asks-person' };
      if (!(await person.confirms(`${sensitiveWords[draft.sensitive]}: ${draft.sentence}.`, until))) {
        yield { kind: 'denied' };
        return;
      }
    }
    console.note(`the page asks ${draft.sentence}. Ctrl-C here ends mig web before it is sent.`);
    for (let left = countdownSeconds; left > 0; left -= 1) {
      yield { kind: 'countdown', left };
      await sleep(1000, undefined, { signal: until }).catch(() => {});
      if (until.aborted) {
        console.note('stopped: nothing was sent');
        return;
      }
    }
    const fleet = requireSetting(context.settings(), 'fleet');
    const { template, target, options, agents } = draft;
    const created = await newAction({ template, fleet, target, expiryMs: options.expiryMs }, await opened.key.open());
    if (until.aborted) return;
    await opened.relay.submit(created.submission);
    const { action, signedBytes, opener, submission } = created;
    console.note(`launched action ${action.id}`);
    const { signatures } = submission.envelope;
    await shelf.add({ action, signedBytes, signatures, opener, counts: countsOf('queued', agents) });
    yield { kind: 'launched', id: action.id };
  }

  /** Once. @throws CodedError<LaunchCode> */
  #take(nonce: string): DraftedQuestion {
    const draft = this.#drafts.get(nonce);
    this.#drafts.delete(nonce);
    if (draft === undefined || Date.now() - draft.draftedMs > draftLifeMs)
      throw new CodedError<LaunchCode>('no-draft', 'expected a draft of the last minutes that was not launched yet');
    const nowMs = Date.now();
    this.#launchedMs = this.#launchedMs.filter((timeMs) => nowMs - timeMs < minuteMs);
    if (this.#launchedMs.length >= maximumPerMinute)
      throw new CodedError<LaunchCode>('too-many-launches', `expected at most ${maximumPerMinute} launches a minute`);
    this.#launchedMs.push(nowMs);
    return draft;
  }
}
