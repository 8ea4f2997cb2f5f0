/** Some files use inner parts of packages. An update of such a package needs a look at them: this test asks for it. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from './lab/lab.ts';

interface InnerUse {
  readonly name: string;
  readonly version: string;
  /** An import of its inner files, and the names of its objects' inner parts that are used. */
  readonly inner: RegExp;
  /** The one file that does. */
  readonly user: string;
}

const packages: readonly InnerUse[] = [
  {
    name: 'amqplib',
    version: '2.3.1',
    inner: /from '[^']*amqplib\/lib\/|\b(?:handleMessage|recvFrame|recvSinceLastCheck)\b|\.connection\.stream\b/,
    user: 'protocol/amqplib-internals.ts',
  },
  {
    name: '@yao-pkg/pkg',
    version: '6.23.0',
    inner: /from '@yao-pkg\/pkg\/lib/,
    user: 'builder/package/inject.ts',
  },
];

const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
const sources = globSync('{agent,builder,host,investigator,modules,native,protocol,server,tests,tools}/**/*.ts', {
  cwd: projectRoot,
  exclude: ['**/*.d.ts', 'tools/package-internals.test.ts'],
}).sort();

describe('the inner parts of a package', () => {
  for (const { name, version, inner, user } of packages) {
    it(`${name} is the version that was looked at; after an update, look at ${user}`, () => {
      const installed: unknown = JSON.parse(read(`node_modules/${name}/package.json`));
      assert.equal(Reflect.get(Object(installed), 'version'), version);
    });

    it(`${name} is reached into by one file`, () => {
      assert.deepEqual(
        sources.filter((file) => inner.test(read(file))),
        [user],
      );
    });
  }
});
