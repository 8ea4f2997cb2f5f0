/** Joins questions to one module, so that it reads each source once for all of them. */
import * as z from 'zod';
import type { Module } from '../module.ts';

/** A question and its place among all that are asked. */
export interface Placed {
  readonly place: number;
  /** Validated. */
  readonly parameters: unknown;
}

/** One question for several, and where the elements of each are in its answer. */
export interface Merged {
  readonly question: unknown;
  /** By place: paths of keys below `elements`, the first of which is a search's label. */
  readonly parts: ReadonlyMap<number, readonly (readonly string[])[]>;
}

const Searches = z.looseObject({ searches: z.record(z.string(), z.unknown()) });
const Lists = z.record(z.string(), z.unknown());

interface Labelled {
  readonly label: string;
  readonly search: unknown;
  readonly places: number[];
}

/** Equal searches are one. */
function toLabelled(questions: readonly Placed[]): Labelled[] {
  const known = new Map<string, Labelled>();
  for (const { place, parameters } of questions)
    for (const search of Object.values(Searches.parse(parameters).searches)) {
      const text = JSON.stringify(search);
      const labelled = known.get(text) ?? { label: `q${known.size}`, search, places: [] };
      known.set(text, labelled);
      labelled.places.push(place);
    }
  return [...known.values()];
}

/** The fixed beginning of a path, which may be a pattern. */
function toFixed(path: string): string {
  const fixed = /^[^*?[{]*/.exec(path)?.[0] ?? '';
  const folder = fixed.length < path.length ? fixed.slice(0, fixed.lastIndexOf('/') + 1) : fixed;
  return `${folder.replace(/\/+$/, '')}/`;
}

function overlap(left: readonly string[], right: readonly string[]): boolean {
  return left.some((one) => right.some((other) => one.startsWith(other) || other.startsWith(one)));
}

interface Group {
  readonly places: string[];
  readonly members: Labelled[];
}

/** Searches that share a place are one group. */
function toGroups(module: Module, searches: readonly Labelled[]): Labelled[][] {
  let groups: Group[] = [];
  for (const one of searches) {
    const places = module.placesOf(one.search).map(toFixed);
    if (places.length === 0) return [[...searches]];
    const touching = groups.filter((group) => overlap(group.places, places));
    const joined = {
      places: [...new Set([...touching.flatMap((group) => group.places), ...places])],
      members: [...touching.flatMap((group) => group.members), one],
    };
    groups = [...groups.filter((group) => !touching.includes(group)), joined];
  }
  return groups.map(({ members }) => members);
}

function mergeSearches(module: Module, questions: readonly Placed[]): Merged[] {
  return toGroups(module, toLabelled(questions)).map((members) => {
    const parts = new Map<number, string[][]>();
    for (const { label, places } of members)
      for (const place of places) parts.set(place, [...(parts.get(place) ?? []), [label]]);
    return { question: { searches: Object.fromEntries(members.map(({ label, search }) => [label, search])) }, parts };
  });
}

/** Questions of lists: those that differ in nothing but the values of lists. */
function mergeLists(questions: readonly Placed[]): Merged[] {
  const merged = new Map<string, { question: Record<string, unknown>; parts: Map<number, string[][]> }>();
  for (const { place, parameters } of questions) {
    const fields = Object.entries(Lists.parse(parameters));
    const lists = fields.flatMap(([name, values]) =>
      Array.isArray(values) ? [[name, values.map(String)] as const] : [],
    );
    const rest = fields.filter(([, values]) => !Array.isArray(values));
    const key = JSON.stringify(rest);
    const one = merged.get(key) ?? { question: Object.fromEntries(rest), parts: new Map<number, string[][]>() };
    merged.set(key, one);
    for (const [name, values] of lists) {
      const before = z.array(z.string()).catch([]).parse(one.question[name]);
      one.question[name] = [...new Set([...before, ...values])];
    }
    one.parts.set(
      place,
      lists.flatMap(([name, values]) => values.map((value) => [name, value])),
    );
  }
  return [...merged.values()];
}

export function mergeQuestions(module: Module, questions: readonly Placed[]): Merged[] {
  return module.places === 'search' ? mergeSearches(module, questions) : mergeLists(questions);
}
