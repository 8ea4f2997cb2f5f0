import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { toZip } from '../testing/zip.ts';
import { readJar } from './jar.ts';
import { ByteArraySource } from './zip.ts';

function pom(group: string, artifact: string, version: string): Readonly<Record<string, string>> {
  return {
    [`META-INF/maven/${group}/${artifact}/pom.properties`]: `#Generated\r\nversion=${version}\r\ngroupId = ${group}\r\nartifactId:${artifact}\r\n`,
  };
}

const log4j = toZip(pom('org.apache.logging.log4j', 'log4j-core', '2.14.1'));

function read(bytes: Buffer, path = '/opt/a.jar'): { readonly found: readonly string[]; readonly isCut: boolean } {
  const { packages, isCut } = readJar(new ByteArraySource(bytes), path);
  return { found: packages.map(({ name, version, inside }) => `${name} ${version} ${inside ?? ''}`.trim()), isCut };
}

describe('a jar', () => {
  it('has the names that Maven wrote into it, of shaded libraries as well', () => {
    const bytes = toZip({ ...pom('g', 'own', '1'), 'a/B.class': 'x', ...pom('org.h', 'h', '2.0') });
    assert.deepEqual(read(bytes), { found: ['g:own 1', 'org.h:h 2.0'], isCut: false });
  });

  it('has libraries inside, packed or not, behind a script, and in each other', () => {
    for (const packs of [true, false])
      for (const before of ['', '#!/bin/sh\nexec java -jar "$0"\n']) {
        const war = toZip({ 'WEB-INF/lib/log4j-core-2.14.1.jar': log4j, ...pom('g', 'war', '3') }, { packs });
        const ear = toZip({ 'lib/app.war': war }, { packs, before });
        assert.deepEqual([...read(ear, '/srv/site-1.2.ear').found].sort(), [
          'g:war 3 lib/app.war',
          'org.apache.logging.log4j:log4j-core 2.14.1 lib/app.war!/WEB-INF/lib/log4j-core-2.14.1.jar',
          'site 1.2',
        ]);
      }
  });

  it('that was not made by Maven has the name of its file, and a version of that or its manifest', () => {
    const manifest =
      'Manifest-Version: 1.0\r\nBundle-Version: 1.\r\n 5.0\r\nImplementation-Title: x\r\n\r\nName: a\r\n';
    const bytes = toZip({ 'META-INF/MANIFEST.MF': manifest });
    assert.deepEqual(read(bytes, '/opt/commons-io.jar').found, ['commons-io 1.5.0']);
    assert.deepEqual(read(bytes, '/opt/commons-io-2.11.0.jar').found, ['commons-io 2.11.0']);
    assert.deepEqual(read(toZip({ a: 'a' }), '/opt/plain.jar').found, ['plain null']);
  });

  it('is not unpacked further than its directory tells, or than the limits allow', () => {
    const bomb = Buffer.alloc(100 * 1024 * 1024);
    assert.deepEqual(read(toZip({ 'a.jar': bomb, ...pom('g', 'a', '1') })), { found: ['g:a 1'], isCut: true });
    const lie = toZip({ 'a.jar': bomb }, { toldSize: 1000 });
    assert.deepEqual(read(lie), { found: ['a null'], isCut: true });
    let nested = log4j;
    for (let depth = 0; depth < 6; depth += 1) nested = toZip({ 'n.jar': nested, ...pom('g', `d${depth}`, '1') });
    const { found, isCut } = read(nested);
    assert.deepEqual([found.length, isCut], [5, true]);
  });

  it('with many damaged libraries inside is read as far as it is whole', () => {
    const bytes = toZip({ 'a.jar': 'no', 'b.jar': log4j.subarray(0, 50), 'c.jar': log4j, ...pom('g', 'a', '1') });
    assert.deepEqual(read(bytes), {
      found: ['org.apache.logging.log4j:log4j-core 2.14.1 c.jar', 'g:a 1'],
      isCut: true,
    });
  });

  it('that is damaged is refused', () => {
    const whole = toZip({ ...pom('g', 'a', '1') });
    const cases = [Buffer.alloc(0), Buffer.from('PK'), whole.subarray(0, -1), whole.subarray(30)];
    for (const bytes of cases)
      assert.throws(
        () => read(bytes),
        (error) => error instanceof CodedError && error.code === 'database-malformed',
      );
  });
});
