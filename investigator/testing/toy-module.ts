/** A module as small as one can be, so that tests here do not depend on what a real one prints. */
import * as z from 'zod';
import type { Module } from '../../modules/kit/module.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { emptyReceipt, type OperationResult } from '../../protocol/result/result.ts';

const Parameters = z.strictObject({ words: z.array(z.string()).min(1) });
const Elements = z.array(z.string());

const toyModule: Module = {
  name: 'toy',
  summary: 'Does the machine know these words?',
  platforms: ['linux', 'darwin', 'win32'],
  needs: [],
  fields: { question: {}, search: {}, options: {} },
  parameters: Parameters,
  element: z.string(),
  elements: Elements,
  places: 'search',
  columns: [{ name: 'word', kind: 'text', help: 'That it knows.', discloses: 'names', line: 'head' }],
  key: ['word'],
  counts: {},
  former: {},
  flags: [
    {
      name: 'word',
      kind: 'string',
      repeatable: true,
      value: 'word',
      help: 'A word to look for; at least one is needed.',
      example: '-word wget',
    },
  ],
  toParameters: (flags) => {
    const parsed = Parameters.safeParse({ words: flags.word });
    if (parsed.success) return parsed.data;
    throw new CodedError('usage', z.prettifyError(parsed.error), { hint: 'mig toy -h shows the flags' });
  },
  toFlagValues: (parameters) => ({ word: Parameters.parse(parameters).words }),
  toRows: (result) =>
    Elements.parse(result.elements).map((word) => ({ place: [], cells: { word }, line: `knows ${word}` })),
  toLines: (result) => Elements.parse(result.elements).map((word) => `knows ${word}`),
  advise: () => [],
  contradictions: () => [],
  asks: () => [],
  describe: () => undefined,
  placesOf: () => [],
  orderOf: () => undefined,
  needsOf: () => [],
  disclosureClass: () => 'metadata',
  limitDisclosure: (parameters) => parameters,
  toNamesOnly: (element) => element,
  examples: [{ command: 'mig toy -word wget', says: 'asks all agents that are online.' }],
};

export const toyModules: ReadonlyMap<string, Module> = new Map([['toy', toyModule]]);

/** What an agent answers that knows these words; the receipt says that it looked at 100. */
export function toyResult(words: readonly string[], changes: Partial<OperationResult> = {}): OperationResult {
  return {
    success: true,
    foundanything: words.length > 0,
    elements: words,
    statistics: {},
    errors: [],
    receipt: { ...emptyReceipt(), examined: { words: 100 } },
    ...changes,
  };
}
