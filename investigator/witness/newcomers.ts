/** Known names that answer with new ids: the command line and the page tell of them in the same words. */
import { escapeWord } from '../../protocol/base/escape.ts';
import { plural } from '../../protocol/base/plural.ts';
import type { ResultAnswer } from '../answers/answer.ts';
import { toShortId } from '../print/label.ts';
import { listSome } from '../print/list-some.ts';
import type { KnownAgents } from './known-agents.ts';

/** What a person is told beside the answers. Escaped. */
export interface Warning {
  /** What it is about, for emphasis. */
  readonly subject: string;
  /** What follows it. */
  readonly words: string;
}

/** Of many that say the same. */
const namedNewcomers = 3;
/** The latest id that a name had before. */
const namedIds = 3;

export class Newcomers {
  readonly #known: KnownAgents;
  readonly #names: string[] = [];

  constructor(known: KnownAgents) {
    this.#known = known;
  }

  /** @returns what to say before the result of the first one; `describeMore` has the others. */
  add({ name, agent }: ResultAnswer): Warning | undefined {
    if (!this.#known.add(name, agent)) return undefined;
    this.#names.push(`${escapeWord(name)}#${toShortId(agent)}`);
    if (this.#names.length > 1) return undefined;
    const before = [...this.#known.idsOf(name)].filter((id) => id !== agent).slice(-namedIds);
    const words =
      `answers with a new id: ${toShortId(agent)}, before ${before.map(toShortId).join(', ')}. ` +
      'Another machine, a fresh install, or someone who took the name.';
    return { subject: escapeWord(name), words };
  }

  /** One line for all but the first; undefined when there are none. */
  describeMore(): string | undefined {
    const [, ...more] = this.#names;
    if (more.length === 0) return undefined;
    return (
      `${plural(more.length, 'more known name answers', 'more known names answer')} with a new id: ` +
      `${listSome(more, namedNewcomers)}. Machines installed anew, or someone who took the names.`
    );
  }
}
