/** Some files reach behind what a package exports. An update of such a package needs a look at them: this test asks for it. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from './lab/lab.ts';

interface Known {
  readonly name: string;
  readonly version: string;
  /** What an import of its inner files looks like. */
  readonly inner: RegExp;
  readonly importers: readonly string[];
  /** Files that use inner parts of its objects, without an import. */
  readonly users: readonly string[];
}

const packages: readonly Known[] = [
  {
    name: 'amqplib',
    version: '2.3.1',
    inner: /from '[^']*amqplib\/lib\//,
    importers: ['protocol/amqp-errors.ts', 'server/broker/codec.ts'],
    users: ['agent/link/bounded-deliveries.ts', 'server/amqp/byte-budget.ts'],
  },
  {
    name: '@yao-pkg/pkg',
    version: '6.23.0',
    inner: /from '@yao-pkg\/pkg\/lib/,
    importers: ['builder/package/inject.ts'],
    users: [],
  },
];

const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
const sources = globSync('{agent,builder,host,investigator,modules,native,protocol,server}/**/*.ts', {
  cwd: projectRoot,
  exclude: ['**/*.d.ts'],
}).sort();

describe('the inner parts of a package', () => {
  for (const { name, version, inner, importers, users } of packages) {
    it(`${name} is the version that was looked at; after an update, look at ${[...importers, ...users].join(', ')}`, () => {
      const installed: unknown = JSON.parse(read(`node_modules/${name}/package.json`));
      assert.equal(Reflect.get(Object(installed), 'version'), version);
    });

    it(`${name} is reached into by no other file`, () => {
      assert.deepEqual(
        sources.filter((file) => inner.test(read(file))),
        importers,
      );
      for (const file of users) assert.match(read(file), new RegExp(`from '${name}'`));
    });
  }
});
