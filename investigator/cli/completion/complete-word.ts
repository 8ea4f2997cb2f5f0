/** Completion in the console: the beginning of a line, its flags, and their values where those are known. */
import type { Completions } from '../../terminal/read-lines.ts';
import { readValue, type Word } from './word.ts';

function choicesAfter(word: Word, before: string | undefined, ids: readonly string[]): readonly string[] {
  const flag =
    before?.startsWith('-') === true ? word.flags.find(({ name }) => name === before.replace(/^--?/, '')) : undefined;
  if (flag === undefined) return [...word.choices, ...ids, ...word.flags.map(({ name }) => `-${name}`)];
  const value = readValue(flag);
  if (value.kind === 'choice') return value.choices;
  return value.kind === 'none' ? word.flags.map(({ name }) => `-${name}`) : [];
}

function readWords(line: string): string[] {
  const all = line.split(/\s+/).filter((text, index) => text !== '' || index > 0);
  return all[0] === 'mig' ? all.slice(1) : all;
}

/** What the first argument may be an id of, where that is what the line ends with. @param line up to the cursor. */
export function findWantedIds(line: string, words: readonly Word[]): Word['takesIds'] {
  const [first, fragment, ...more] = readWords(line);
  const isFirst = fragment !== undefined && more.length === 0 && /^[0-9a-f]*$/.test(fragment);
  return isFirst ? words.find(({ name }) => name === first)?.takesIds : undefined;
}

/**
 * @param line up to the cursor.
 * @param ids that the first argument may be: see `findWantedIds`.
 */
export function completeWord(line: string, words: readonly Word[], ids: readonly string[] = []): Completions {
  const [first = '', ...others] = readWords(line);
  const fragment = others.at(-1) ?? first;
  const word = words.find(({ name }) => name === first);
  const possible =
    others.length === 0
      ? words.map(({ name }) => name)
      : word === undefined
        ? []
        : choicesAfter(word, others.at(-2), ids);
  const candidates = possible
    .filter((candidate) => candidate.startsWith(fragment))
    .map((candidate) => (candidate.endsWith(':') ? candidate : `${candidate} `));
  return { candidates, fragment };
}
