/** What an answer prints can be asked again: paths, names and where links lead, as text, csv and json have them. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { escapeText, toSafeJson } from '../../protocol/base/escape.ts';
import { hasPrintedBytes, toPathBytes } from './printed-path.ts';
import { ask, findFiles, makeTree } from './testing/ask.ts';

/** Names of files: any bytes but a slash and NUL. */
const name = fc
  .oneof(
    fc.uint8Array({ minLength: 1, maxLength: 12 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).map((text) => Buffer.from(text)),
    fc
      .constantFrom('a\\xff', 'a\\\\b', '\\u{1b}', '\\x41', 'a\u001b[31m', 'x\u202ey', '\\', 'b*[1]')
      .map((text) => Buffer.from(text)),
  )
  .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0 && byte !== 0x2f)))
  .filter((bytes) => bytes.length > 0 && ![`.`, `..`].includes(bytes.toString()));

const shown: Readonly<Record<string, (text: string) => string>> = {
  text: escapeText,
  json: (text) => JSON.parse(toSafeJson(text)),
};

describe('what is printed can be asked again', {
  skip: process.platform === 'linux' ? false : 'names are bytes on Linux',
}, () => {
  for (const [format, toShown] of Object.entries(shown))
    it(`as a path of ${format}`, async () => {
      await fc.assert(
        fc.asyncProperty(name, async (bytes) => {
          const tree = makeTree();
          const folder = Buffer.concat([Buffer.from(`${tree.path}/d`), bytes]);
          mkdirSync(folder);
          writeFileSync(Buffer.concat([folder, Buffer.from('/'), bytes]), 'abc');
          const [printed = '', ...others] = await findFiles({ paths: [tree.path] });
          assert.deepEqual(others, []);
          assert.deepEqual(await findFiles({ paths: [toShown(printed)], contents: ['^abc$'] }), [printed]);
          const printedFolder = printed.slice(0, printed.lastIndexOf('/'));
          assert.deepEqual(await findFiles({ paths: [toShown(printedFolder)] }), [printed]);
        }),
        { numRuns: 150 },
      );
    });

  it('as a name and as where a link leads, where a regular expression means nothing else', async () => {
    for (const bytes of ['caf\xe9', 'a\u001b[31m', 'x\x9by', 'ab'].map((text) => Buffer.from(text, 'latin1'))) {
      const tree = makeTree();
      const path = (before: string) => Buffer.concat([Buffer.from(`${tree.path}/${before}`), bytes]);
      writeFileSync(path(''), '');
      symlinkSync(bytes, path('link-'));
      const { hits } = await ask({ paths: [tree.path] });
      const link = hits.find(({ fileinfo }) => fileinfo?.link !== undefined);
      const target = escapeText(link?.fileinfo?.link ?? '').replace('[', '\\[');
      assert.deepEqual(await findFiles({ paths: [tree.path], names: [`^${target}$`] }), [
        `${link?.file.replace('link-', '')}`,
      ]);
      assert.deepEqual(await findFiles({ paths: [tree.path], links: [`^${target}$`] }), [link?.file]);
    }
  });

  it('as a path that this machine does not have', async () => {
    for (const path of ['/no/such\\xff', '/no/such\\\\x', '/no/such\\u{1b}']) {
      const { hits, errors } = await ask({ paths: [path] });
      assert.deepEqual([hits, errors], [[], []]);
    }
    const { errors } = await ask({ paths: ['/tmp/*/such\\xff'] });
    assert.match(errors.join(), /a glob cannot hold bytes/);
  });
});

describe('a path that somebody typed', () => {
  for (const [text, bytes] of [
    ['/a\\b', '/a\\b'],
    ['/a\\x41', '/a\\x41'],
    ['/a\\xfg', '/a\\xfg'],
    ['/a\\u{61}', '/a\\u{61}'],
    ['/a\\', '/a\\'],
    ['/a\\\\b', '/a\\b'],
    ['/a\\u{1b}', '/a\u001b'],
  ] as const)
    it(`${text} stands for what it says`, () => {
      assert.equal(toPathBytes(text).toString(), bytes);
      assert.equal(hasPrintedBytes(text), false);
    });

  it('/a\\xff is a byte', () => {
    assert.deepEqual([...toPathBytes('/a\\xff')], [0x2f, 0x61, 0xff]);
    assert.equal(hasPrintedBytes('/a\\xff'), true);
  });
});
