/** The objects of a scribe document: the searches that they need, and their candidates. */
import type { DisclosureClass } from '../../../protocol/environment/disclosure.ts';
import type { InnerAnswer, InnerQuestion } from '../../kit/inner/inner-question.ts';
import { type Candidate, type Candidates, joinCandidates, noCandidates } from './candidates.ts';
import { expandVariables, objectsByName, type ScribeDocument, type ScribeObject } from './document.ts';
import {
  chainRoot,
  concatenate,
  type FileSearch,
  isWithin,
  pathsOf,
  toChained,
  toFileContents,
  toFileNames,
  toFileSearch,
  toHasLine,
  toScope,
  toSearch,
} from './file-objects.ts';
import { HostPackages } from './packages.ts';

export type Answers = ReadonlyMap<number, InnerAnswer>;

/** Those of the system: the original knew no others, and the names of others mean something else. */
const packages = { types: ['dpkg', 'rpm', 'apk', 'pacman'], options: { matchlimit: 0 } };

/** Objects of a chain that has others, and so on. */
const mostLinks = 8;
/** Objects that are planned, each once for each chain; a hostile document has billions of chains. */
const mostSteps = 100_000;

const unasked: InnerAnswer = {
  elements: [],
  doubts: new Set(['undecided']),
  failure: null,
  read: () => ({ kind: 'unread', reason: 'undecided' }),
};

export class ScribeObjects {
  readonly #document: ScribeDocument;
  readonly #objects: ReadonlyMap<string, ScribeObject>;
  readonly #answer: DisclosureClass;
  readonly #questions: InnerQuestion[] = [];
  readonly #places = new Map<string, number>();
  /** Tests by object: each is a question about the content of a protected file. */
  readonly #uses = new Map<string, number>();
  readonly #found = new Map<string, Candidates>();
  /** Links to objects, by the first of their chain and by name. */
  readonly #planned = new Map<FileSearch | undefined, Map<string, number>>();
  #steps = 0;
  #packages: HostPackages | undefined;

  /** @param answer the class of the policy's own answer. */
  constructor(document: ScribeDocument, answer: DisclosureClass) {
    this.#document = document;
    this.#objects = objectsByName(document);
    this.#answer = answer === 'metadata' ? 'names' : 'yesno';
    for (const { object } of document.tests) this.#uses.set(object, (this.#uses.get(object) ?? 0) + 1);
    for (const name of this.#uses.keys()) this.#plan(name, undefined, 0);
  }

  get questions(): readonly InnerQuestion[] {
    return this.#questions;
  }

  /** @param first of the chain that the object is part of. */
  #plan(name: string, first: FileSearch | undefined, links: number): void {
    const object = this.#objects.get(name);
    if (object === undefined || links > mostLinks || !this.#isNew(name, first, links)) return;
    // The order of the original, where an object has several members.
    if (object.package !== undefined) {
      this.#ask(name, 'package', packages);
      return;
    }
    const search = this.#searchOf(object, first);
    if (search === undefined) return;
    if (object.filecontent === undefined) this.#ask(name, 'file', toSearch(search, false));
    if (object.filename === undefined || object.filecontent !== undefined)
      this.#ask(name, 'file', toSearch(search, true));
    for (const chained of object.filecontent?.['import-chain'] ?? []) this.#plan(chained, first ?? search, links + 1);
  }

  /** Whether it is not planned yet with as many links behind it. What is beyond the limit stays unasked, and unknown. */
  #isNew(name: string, first: FileSearch | undefined, links: number): boolean {
    const known = this.#planned.get(first) ?? new Map<string, number>();
    this.#planned.set(first, known);
    if ((known.get(name) ?? mostLinks + 1) <= links || this.#steps === mostSteps) return false;
    known.set(name, links);
    this.#steps += 1;
    return true;
  }

  #searchOf(object: ScribeObject, first: FileSearch | undefined): FileSearch | undefined {
    const search = toFileSearch(object);
    if (search === undefined) return undefined;
    const path = expandVariables(this.#document, search.path);
    // Names of files have no variables where they are captured.
    const file = object.filename === search ? search.file : expandVariables(this.#document, search.file);
    const expanded = { ...search, path, file };
    return first === undefined ? expanded : toChained(expanded, first);
  }

  #ask(name: string, module: string, search: unknown): void {
    const key = JSON.stringify([module, search]);
    if (this.#places.has(key)) return;
    this.#places.set(key, this.#questions.length);
    this.#questions.push({
      label: module === 'package' ? 'packages' : `object ${name}`,
      module,
      search,
      answer: this.#answer,
    });
  }

  #answerTo(answers: Answers, module: string, search: unknown): InnerAnswer {
    return answers.get(this.#places.get(JSON.stringify([module, search])) ?? -1) ?? unasked;
  }

  /** @throws CodedError bad-pattern */
  find(name: string, answers: Answers): Candidates {
    return this.#find(name, answers, undefined, 0);
  }

  #find(name: string, answers: Answers, first: FileSearch | undefined, links: number): Candidates {
    const key = JSON.stringify([name, first?.path]);
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const object = this.#objects.get(name);
    const found =
      object === undefined || links > mostLinks ? noCandidates : this.#collect(object, answers, first, links);
    this.#found.set(key, found);
    return found;
  }

  #collect(object: ScribeObject, answers: Answers, first: FileSearch | undefined, links: number): Candidates {
    if (object.package !== undefined) {
      this.#packages ??= new HostPackages(this.#answerTo(answers, 'package', packages));
      return this.#packages.find(object.package, (text) => expandVariables(this.#document, text));
    }
    const search = this.#searchOf(object, first);
    const all = (hasContent: boolean): InnerAnswer =>
      search === undefined ? unasked : this.#answerTo(answers, 'file', toSearch(search, hasContent));
    if (object.filecontent !== undefined && search !== undefined) {
      const answer = all(true);
      const own = toFileContents(object.filecontent.expression, answer, this.#uses.get(object.object) ?? 1);
      const chain = object.filecontent['import-chain'] ?? [];
      const firing = pathsOf(answer);
      const chained = chain.length === 0 ? [] : this.#fire(chain, firing, first ?? search, answers, links);
      const joined = joinCandidates([own, ...chained]);
      return { ...joined, list: concatenate(joined.list, object.filecontent.concat) };
    }
    if (object.filename !== undefined && search !== undefined) return toFileNames(search, all(false));
    if (object.raw !== undefined)
      return { ...noCandidates, list: object.raw.identifiers.map(({ identifier, value }) => ({ identifier, value })) };
    return object.hasline === undefined ? noCandidates : toHasLine(all(false), all(true));
  }

  /** Each file fires the chain, which takes its name. */
  #fire(
    chain: readonly string[],
    firing: readonly string[],
    first: FileSearch,
    answers: Answers,
    links: number,
  ): Candidates[] {
    return firing.flatMap((path) =>
      chain.map((name): Candidates => {
        const found = this.#find(name, answers, first, links + 1);
        const written = toFileSearch(this.#objects.get(name) ?? { object: name })?.path;
        const rename = (list: readonly Candidate[]): Candidate[] => list.map((one) => ({ ...one, identifier: path }));
        if (written === undefined || !written.includes(chainRoot)) return { ...found, list: rename(found.list) };
        const scope = toScope(expandVariables(this.#document, written), path, first);
        if (scope === undefined) return { ...noCandidates, doubts: new Set(['chain-outside']) };
        return { ...found, list: rename(found.list.filter(({ identifier }) => isWithin(identifier, scope))) };
      }),
    );
  }
}
