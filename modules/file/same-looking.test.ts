/** Names and paths with letters and marks: in one character or in several, they look the same and are found alike. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findFiles, makeTree } from './testing/ask.ts';

const forms = ['NFC', 'NFD'] as const;

describe('names and paths that look the same', () => {
  for (const asked of forms)
    for (const there of forms)
      it(`are found: ${asked} asked for, ${there} there`, async () => {
        const name = (text: string): string => text.normalize(there);
        const tree = makeTree({
          [name('Büro/Müller.txt')]: '1',
          [name('Büro/Ångström/Café')]: '2',
          [name('Buro/Muller.txt')]: '3',
        });
        const want = (text: string): string => text.normalize(asked);
        const find = (path: string, names?: string): Promise<string[]> =>
          findFiles({ paths: [tree.at(path)], ...(names === undefined ? {} : { names: [names] }) });
        const muller = tree.at(name('Büro/Müller.txt'));
        const cafe = tree.at(name('Büro/Ångström/Café'));
        assert.deepEqual(await find('', want('^Müller\\.txt$')), [muller]);
        assert.deepEqual(await find('', want('^M.ller')), [tree.at('Buro/Muller.txt'), muller]);
        assert.deepEqual(await find('', want('caf[éè]$').replace('c', 'C')), [cafe]);
        assert.deepEqual(await find('', want('!Müller|Café')), [tree.at('Buro/Muller.txt')]);
        assert.deepEqual(await find(want('Büro/Müller.txt')), [muller]);
        assert.deepEqual(await find(want('Büro'), want('ü')), [muller]);
        assert.deepEqual(await find(want('Büro/Ångström')), [cafe]);
        assert.deepEqual(await find(want('Bü*/M*')), [muller]);
      });

  it('are all searched when several are there', async () => {
    const tree = makeTree({ [`${'ü'.normalize('NFC')}/a`]: '1', [`${'ü'.normalize('NFD')}/b`]: '2' });
    for (const form of forms) {
      const found = await findFiles({ paths: [tree.at('ü'.normalize(form))] });
      assert.deepEqual(found.map((path) => path.at(-1)).sort(), ['a', 'b']);
    }
  });
});
