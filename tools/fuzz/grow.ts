/** Grows valid inputs in structure: many values, wide objects, deep ones, in place of one value. */
import type { Random } from './random.ts';
import type { FuzzTarget } from './target.ts';

/** Beyond every budget but that of sealed answers. A megabyte of empty arrays is 350,000 values. */
const maximumBytes = 1024 * 1024;

const items = ['[]', '{}', '0', '""', '"x"', 'null', '[[]]', '{"a":[]}', '[0,0]', '{"a":0,"b":[{}]}'];

type Growth = (random: Random, value: string, count: number) => string;

const growths: readonly Growth[] = [
  // Many of one kind.
  (random, _value, count) => `[${Array(count).fill(random.pick(items)).join(',')}]`,
  // Many like the honest one.
  (_random, value, count) => `[${Array(count).fill(value).join(',')}]`,
  // Wide, by keys that are all different.
  (random, _value, count) => {
    const item = random.pick(items);
    return `{${Array.from({ length: count }, (_, index) => `"${index.toString(36)}":${item}`).join(',')}}`;
  },
  // Deep, the honest one innermost.
  (random, value, count) => {
    const [open, close] = random.pick([
      ['[', ']'],
      ['{"a":', '}'],
      ['[0,', ']'],
    ] as const);
    return open.repeat(count) + value + close.repeat(count);
  },
  // Wide and deep: each level has several of the next.
  (random, value) => {
    let text = value;
    for (let level = random.below(16); level > 0 && text.length < maximumBytes / 3; level -= 1)
      text = `[${text},${text}]`;
    return text;
  },
];

const valueAt = /[:[,]\s*(?=["\d{[tfn-])/g;

/** Replaces one value by a grown structure. */
export function grow(input: Buffer, random: Random): Buffer {
  const text = input.toString('latin1');
  const begins = [...text.matchAll(valueAt)];
  if (begins.length === 0) return input;
  const begin = random.pick(begins);
  const at = begin.index + begin[0].length;
  const value = /^(?:"(?:[^"\\]|\\.)*"|[-+.\w]+|\[[^[\]{}]*\]|\{[^[\]{}]*\}|[[{])/s.exec(text.slice(at))?.[0] ?? '0';
  const room = Math.max(1, Math.floor((maximumBytes - text.length) / (value.length + 12)));
  const count = 1 + random.below(Math.min(room, 1 << (1 + random.below(18))));
  const grown = random.pick(growths)(random, value === '[' || value === '{' ? '0' : value, count);
  const rest = value === '[' || value === '{' ? text.slice(at) : text.slice(at + value.length);
  const separator = value === '[' || value === '{' ? ',' : '';
  return Buffer.from(text.slice(0, at) + grown + separator + rest, 'latin1');
}

/** The same parser, fed with growing inputs. */
export function grown(target: FuzzTarget): FuzzTarget {
  return {
    ...target,
    name: `${target.name}-structure`,
    holds: `${target.holds}, however much structure there is`,
    grows: true,
  };
}
