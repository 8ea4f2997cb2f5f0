/** Which tests of a signed document hold here: its parameters and its answer. */
import * as z from 'zod';
import { toMessage } from '../../protocol/base/coded-error.ts';
import type { Column } from '../kit/column.ts';
import { defineModule, type ParametersOf } from '../kit/define-module.ts';
import { choices, fromDocument, number, onSwitch } from '../kit/fields.ts';
import { describeDocument, rulesOf } from './describe.ts';
import { readDocument } from './document/read-document.ts';
import { PolicyElement, verdicts } from './element.ts';
import { toPlan } from './evaluate/plan.ts';
import { toSearchOfScribe } from './scribe/former.ts';

const columns: readonly Column<PolicyElement>[] = [
  {
    name: 'verdict',
    kind: 'choice',
    line: 'head',
    help: 'How the test ended.',
    discloses: 'names',
    value: ({ verdict }) => verdict,
  },
  {
    name: 'testid',
    kind: 'text',
    line: 'head',
    help: 'Test of the document.',
    discloses: 'names',
    value: ({ testid }) => testid,
  },
  {
    name: 'name',
    kind: 'text',
    line: 'head',
    help: 'Title of the test.',
    discloses: 'metadata',
    value: ({ name }) => name,
  },
  {
    name: 'severity',
    kind: 'choice',
    line: 'detail',
    help: 'How bad it is when the test fails.',
    discloses: 'metadata',
    value: ({ severity }) => severity,
  },
  {
    name: 'reason',
    kind: 'text',
    line: 'detail',
    help: 'Why it ended so.',
    discloses: 'metadata',
    value: ({ reason }) => reason,
  },
  {
    name: 'results',
    kind: 'list',
    line: 'detail',
    title: 'by',
    help: 'What decided: files, packages, settings and others by their names.',
    discloses: 'metadata',
    value: ({ results }) => results?.map(({ identifier }) => identifier),
    toText: ({ results = [] }) => results.map(({ identifier }) => identifier).join('; '),
  },
];

export const module = defineModule({
  name: 'policy',
  summary: 'Which tests of this document fail here, and why?',
  platforms: ['linux', 'darwin', 'win32'],
  // Those of the modules that a document asks come on top.
  needs: [],
  former: { modules: { scribe: { toSearch: toSearchOfScribe } } },
  search: {
    document: fromDocument('document', z.base64().max(256 * 1024)),
    sha256: fromDocument('sha256', z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hex')),
  },
  options: {
    verdicts: choices({
      flag: 'verdict',
      of: verdicts,
      value: verdicts.join('|'),
      help: 'Lists the tests that end so; fail and unknown without this flag. All are counted.',
      example: '-verdict fail',
      discloses: 'metadata',
    }),
    onlytrue: onSwitch({
      flag: 'onlytrue',
      help: "Of a document of the original's scribe, lists the tests that are true, and those with errors or unknown.",
      discloses: 'metadata',
    }),
    matchlimit: number({
      flag: 'matchlimit',
      value: 'tests',
      unit: 'tests',
      fallback: 0,
      help: 'Lists this many tests, 0 for no limit; no limit without this flag.',
    }),
  },
  checkSearch: (packed) => {
    try {
      readDocument(packed);
      return undefined;
    } catch (error) {
      return toMessage(error);
    }
  },
  asks: (packed, answer) => toPlan(readDocument(packed), answer).questions,
  describe: (packed) => describeDocument(readDocument(packed)),
  checks: { rule: 'testid', verdict: 'verdict', rules: (packed) => rulesOf(readDocument(packed)) },
  choosesAnswer: { toNamesOnly: ({ testid, verdict }) => ({ testid, verdict }) },
  element: PolicyElement,
  columns,
  key: ['testid', 'verdict'],
  counts: {
    tests: { help: 'Tests of the document.' },
    pass: { help: 'Tests that pass.' },
    fail: { help: 'Tests that fail.' },
    unknown: { help: 'Tests that cannot be decided.' },
    notapplicable: { help: 'Tests that are not about this machine.' },
  },
  examples: [
    { command: 'mig policy baseline.yaml -t all', says: 'says which tests fail where, and why.' },
    {
      command: 'mig policy baseline.yaml -t all -stack testid,verdict',
      says: 'counts the machines on which each fails.',
    },
  ],
});

export type PolicyParameters = ParametersOf<typeof module>;
