/** Completion in the console: the beginning of a line, its flags, and their values where those are known. */
import type { Completions } from '../../terminal/read-lines.ts';
import { readValue, type Word } from './word.ts';

function choicesAfter(word: Word, before: string | undefined): readonly string[] {
  const flag =
    before?.startsWith('-') === true ? word.flags.find(({ name }) => name === before.replace(/^--?/, '')) : undefined;
  if (flag === undefined) return [...word.choices, ...word.flags.map(({ name }) => `-${name}`)];
  const value = readValue(flag);
  if (value.kind === 'choice') return value.choices;
  return value.kind === 'none' ? word.flags.map(({ name }) => `-${name}`) : [];
}

/** @param line up to the cursor. */
export function completeWord(line: string, words: readonly Word[]): Completions {
  const all = line.split(/\s+/).filter((text, index) => text !== '' || index > 0);
  const [first = '', ...others] = all[0] === 'mig' ? all.slice(1) : all;
  const fragment = others.at(-1) ?? first;
  const word = words.find(({ name }) => name === first);
  const possible =
    others.length === 0 ? words.map(({ name }) => name) : word === undefined ? [] : choicesAfter(word, others.at(-2));
  const candidates = possible
    .filter((candidate) => candidate.startsWith(fragment))
    .map((candidate) => (candidate.endsWith(':') ? candidate : `${candidate} `));
  return { candidates, fragment };
}
