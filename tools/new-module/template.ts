/** The files of a new module: a listing with one column, the name of the machine. */

const declaration = (name: string): string => `/** What the module ${name} lists, and how it is asked for. */
import { defineListing } from '../kit/listing/define-listing.ts';
import { text } from '../kit/listing/kinds.ts';

export const module = defineListing({
  name: '${name}',
  summary: 'Which name does this machine have?',
  platforms: ['linux', 'darwin', 'win32'],
  needs: [],
  things: 'machines',
  columns: {
    name: { kind: text, help: 'Name of the machine.', discloses: 'names', line: 'head', example: '^web' },
  },
  key: ['name'],
  examples: [{ command: "mig ${name} -t all -name '^web'", says: 'finds machines by their name.' }],
});
`;

const run = `/** Where the rows come from. */
import { hostname } from 'node:os';
import { runListing } from '../kit/listing/run-listing.ts';
import { module } from './module.ts';

export const run = runListing(module, function* () {
  yield { name: hostname() };
});
`;

const test = (name: string): string => `import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { it } from 'node:test';
import { askerOf, linesOf } from '../kit/testing/ask.ts';
import { module } from './module.ts';
import { run } from './run.ts';

const { ask } = askerOf(module, run);

it('${name} tells the name of this machine', async () => {
  assert.deepEqual((await ask({})).hits, [{ name: hostname() }]);
  assert.deepEqual((await ask({ names: ['!.'] })).hits, []);
});

it('${name} prints a line for each', () => {
  assert.deepEqual(linesOf(module, { s1: [{ name: 'web1' }] }), ['web1']);
});
`;

const page = (name: string): string => `# ${name}: which name does a machine have?

\`\`\`
mig ${name} -t all -name '^web'
\`\`\`

One line per machine:

\`\`\`
web1 web1
\`\`\`

## Parameters

A machine is listed when all filters hold.

<!-- parameters: made of the declaration by UPDATE=1 npm test -- modules/modules.test.ts -->
<!-- end of parameters -->

## Limits

- The name is what the machine calls itself.
`;

/** By name, in the order in which they are written. */
export function toFiles(name: string): ReadonlyMap<string, string> {
  return new Map([
    ['module.ts', declaration(name)],
    ['run.ts', run],
    ['module.test.ts', test(name)],
    ['README.md', page(name)],
  ]);
}
