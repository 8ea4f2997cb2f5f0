/** Text in other encodings than UTF-8: by its byte order mark, by its form, or as the question says. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, it } from 'node:test';
import { ask, findFiles, makeTree } from './testing/ask.ts';

type Encoder = (text: string) => Buffer;

const le: Encoder = (text) => Buffer.from(text, 'utf16le');
const be: Encoder = (text) => le(text).swap16();
const le32: Encoder = (text) =>
  Buffer.concat(
    [...text].map((one) => {
      const unit = Buffer.alloc(4);
      unit.writeUInt32LE(one.codePointAt(0) ?? 0);
      return unit;
    }),
  );
const be32: Encoder = (text) => le32(text).swap32();
const mark = '\ufeff';

const lines = 'root:x:0\r\nMüller €\r\n😀 smile\r\nlast line';
/** Enough text that a piece of the file ends within it, and within a character. */
const long = `${'😀 filler of some length\n'.repeat(30_000)}${lines}`;

describe('the encoding of a text', () => {
  const encodings: Readonly<Record<string, (text: string) => Buffer>> = {
    'UTF-8 with a mark': (text) => Buffer.from(mark + text),
    'UTF-16LE with a mark': (text) => le(mark + text),
    'UTF-16BE with a mark': (text) => be(mark + text),
    'UTF-32LE with a mark': (text) => le32(mark + text),
    'UTF-32BE with a mark': (text) => be32(mark + text),
    'UTF-16LE': le,
    'UTF-16BE': be,
    'UTF-32LE': le32,
    'UTF-32BE': be32,
    'UTF-8': (text) => Buffer.from(text),
  };
  for (const [name, encode] of Object.entries(encodings))
    it(`is known: ${name}`, async () => {
      const tree = makeTree({ short: encode(lines), long: encode(long) });
      const both = ['long', 'short'].map(tree.at);
      const cases: readonly [string, readonly string[]][] = [
        ['^root:x:0$', both],
        ['^😀 filler of', [tree.at('long')]],
        ['M.ller €$', both],
        ['^. smile', both],
        ['^last line$', both],
        ['^line', []],
        ['\\x00', []],
        ['[^\\x00-\\x{10ffff}]', []],
        ['!M.ller', []],
        ['!nobody', both],
      ];
      for (const [contents, expected] of cases)
        assert.deepEqual(await findFiles({ paths: [tree.path], contents: [contents] }), expected, contents);
      const every = { paths: [tree.path], options: { macroal: true } };
      assert.deepEqual(await findFiles({ ...every, contents: ['[a-z€]'] }), both);
      assert.deepEqual(await findFiles({ ...every, contents: ['l$|r$|0$'] }), []);
      const { receipt } = await ask({ paths: [tree.path], contents: ['M.ller'] });
      assert.deepEqual(receipt.skipped, []);
    });

  const scripts = {
    Chinese: '第一行的内容在这里\n第二行的内容也在这里\n',
    Japanese: 'これは最初の行です。\nそして次の行です。\n',
    Korean: '첫 번째 줄입니다\n두 번째 줄입니다\n',
    Russian: 'Это первая строка\nА это вторая\n',
    Greek: 'αυτή είναι η πρώτη γραμμή\n',
  };
  for (const [name, encode] of Object.entries({ 'UTF-16LE': le, 'UTF-16BE': be, 'UTF-32LE': le32, 'UTF-32BE': be32 }))
    it(`is known without a mark when the first lines are of one script: ${name}`, async () => {
      const texts = Object.entries(scripts).map(([script, text]) => [script, encode(`${text.repeat(40)}root:x:0\n`)]);
      const tree = makeTree(Object.fromEntries(texts));
      assert.deepEqual(
        await findFiles({ paths: [tree.path], contents: ['^root:x:0$'] }),
        Object.keys(scripts).sort().map(tree.at),
      );
      assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['^第二行'] }), [tree.at('Chinese')]);
      assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['\\x00'] }), []);
    });

  it('is not that of pairs of ASCII letters, which would be CJK', async () => {
    const tree = makeTree({ pairs: 'four\n\0word\n\0list\n\0'.repeat(20), four: 'root\n\0\0\0' });
    assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['^\\x00word$'] }), [tree.at('pairs')]);
    assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['^root$'] }), [tree.at('four')]);
  });

  it('may have marks in its middle, where files were put together', async () => {
    const put = (encode: Encoder): Buffer =>
      Buffer.concat(['one\r\n', 'root:x:0\n', '\r\n', 'last'].map((part) => encode(mark + part)));
    const tree = makeTree({ utf8: put((text) => Buffer.from(text)), le: put(le), be: put(be), wide: put(le32) });
    const all = ['be', 'le', 'utf8', 'wide'].map(tree.at);
    const cases: readonly [string, readonly string[]][] = [
      ['^root:x:0$', all],
      ['\\Aroot', all],
      ['(^|,)root', all],
      ['^$', all],
      ['^last$', all],
      ['^.oot', all],
      ['^r\\x6fo[t\\xff]', all],
      ['^ö|^root', all],
      ['^\\x{feff}root', all],
      ['^\\x{feff}one', []],
      ['!^last', []],
    ];
    for (const [contents, expected] of cases)
      assert.deepEqual(await findFiles({ paths: [tree.path], contents: [contents] }), expected, contents);
    const every = { paths: [tree.path], options: { macroal: true } };
    assert.deepEqual(await findFiles({ ...every, contents: ['^(one|root.*|last|)$'] }), all);
    const long = makeTree({ long: Buffer.from(`one\n${mark}root${' '.repeat(5_000_000)}end\n`) });
    assert.deepEqual(await findFiles({ paths: [long.path], contents: ['^root '] }), [long.at('long')]);
  });

  it('without a mark is not taken for UTF-16 when it is not clear', async () => {
    const tree = makeTree({
      numbers: Buffer.from(Uint16Array.from({ length: 200 }, (_, index) => index).buffer),
      zeros: Buffer.alloc(4096),
      letter: 'a\0',
      strings: Buffer.from(`one\0two\0three\0${'four\0'.repeat(50)}`),
    });
    assert.deepEqual(
      await findFiles({ paths: [tree.path], contents: ['\\x00'] }),
      ['letter', 'numbers', 'strings', 'zeros'].map(tree.at),
    );
    assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['two\\x00three'] }), [tree.at('strings')]);
  });

  it('is also that of the bytes when the mark is a false one', async () => {
    const script = '<?php\neval($_POST["x"]);\n';
    const tree = makeTree({
      shell: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(script)]),
      big: Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(script)]),
      ascii: le(`${mark}only ASCII\r\n`),
    });
    assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['^eval\\('] }), ['big', 'shell'].map(tree.at));
    assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['^<\\?php$'] }), ['big', 'shell'].map(tree.at));
    assert.deepEqual(
      await findFiles({ paths: [tree.at('ascii')], contents: ['[^ -~]'] }),
      [],
      'neither mark nor zeros are text',
    );
  });

  it('is the one that was asked for', async () => {
    const text = 'Müller\nnaïve\n';
    const tree = makeTree({
      latin: Buffer.from(text, 'latin1'),
      windows: Buffer.concat([Buffer.from('M\xfcller pays 5 \x80 \x97 \x93now\x94', 'latin1')]),
      le: le('Жук'),
      be: be('Жук'),
    });
    const find = (
      contents: string,
      encoding: 'utf-8' | 'latin1' | 'windows-1252' | 'utf-16le' | 'utf-16be',
    ): Promise<string[]> => findFiles({ paths: [tree.path], contents: [contents], options: { encoding } });
    assert.deepEqual(await find('Müller', 'utf-8'), []);
    assert.deepEqual(await find('^Müller$', 'latin1'), [tree.at('latin')]);
    assert.deepEqual(await find('na\\pLve', 'latin1'), [tree.at('latin')]);
    assert.deepEqual(await find('Müller', 'windows-1252'), ['latin', 'windows'].map(tree.at));
    assert.deepEqual(await find('5 € — “now”$', 'windows-1252'), [tree.at('windows')]);
    assert.deepEqual(await find('^Жук$', 'utf-16le'), [tree.at('le')]);
    assert.deepEqual(await find('^Жук$', 'utf-16be'), [tree.at('be')]);
  });

  it('of unpaired halves and of a cut unit ends in a replacement', async () => {
    const tree = makeTree({
      halves: Buffer.concat([le(`${mark}a`), Buffer.from([0x3d, 0xd8]), le('b'), Buffer.from([0x00, 0xdc]), le('c')]),
      cut: Buffer.concat([le(`${mark}ab`), Buffer.from([0x41])]),
      pair: Buffer.concat([le(`${mark}ab`), Buffer.from([0x3d, 0xd8])]),
    });
    assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['^a\\x{fffd}b\\x{fffd}c$'] }), [
      tree.at('halves'),
    ]);
    assert.deepEqual(
      await findFiles({ paths: [tree.path], contents: ['^ab\\x{fffd}$'] }),
      ['cut', 'pair'].map(tree.at),
    );
  });

  it('is one for each search: bytes and digests stay those of the file', async () => {
    const bytes = le(`${mark}needle`);
    const tree = makeTree({ file: bytes });
    const file = [tree.at('file')];
    assert.deepEqual(await findFiles({ paths: file, contents: ['^needle$'], bytes: ['fffe6e006500'] }), file);
    assert.deepEqual(await findFiles({ paths: file, bytes: [Buffer.from('needle').toString('hex')] }), []);
  });
});
