import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Flag } from '../../../modules/kit/flag.ts';
import { completeWord, findWantedIds } from './complete-word.ts';
import { toWord } from './word.ts';

const flags: readonly Flag[] = [
  { name: 't', kind: 'string', value: 'target', help: '' },
  { name: 'f', kind: 'string', value: 'text|json', help: '' },
  { name: 'name', kind: 'string', value: 'regex', help: '' },
  { name: 'y', kind: 'boolean', help: '' },
];
const words = [
  toWord('file', 'mig file [flags]', '', flags),
  toWord('follow', 'mig follow ID [flags]', '', flags),
  toWord('trust', 'mig trust new|sign FILE', '', []),
];
const more = [...words, toWord('launch', 'mig launch FILE|ID [flags]', '', flags)];
const ids = ['1'.repeat(32), '2'.repeat(32)];

describe('the console completes', () => {
  for (const [line, candidates, fragment] of [
    ['', ['file ', 'follow ', 'trust '], ''],
    ['f', ['file ', 'follow '], 'f'],
    ['  fi', ['file '], 'fi'],
    ['mig fi', ['file '], 'fi'],
    ['mig ', ['file ', 'follow ', 'trust '], ''],
    ['file ', ['-t ', '-f ', '-name ', '-y '], ''],
    ['file -n', ['-name '], '-n'],
    ['file -t f', ['found:'], 'f'],
    ['file -f j', ['json '], 'j'],
    ['file --f j', ['json '], 'j'],
    ['file -name x', [], 'x'],
    ['file -y -n', ['-name '], '-n'],
    ['trust s', ['sign '], 's'],
    ['fiel -n', [], '-n'],
  ] as const)
    it(JSON.stringify(line), () => {
      assert.deepEqual(completeWord(line, words), { candidates, fragment });
    });

  for (const [line, wanted] of [
    ['follow ', 'actions'],
    ['mig follow 1', 'actions'],
    ['launch ', 'proposals'],
    ['follow -t', undefined],
    ['follow 1 ', undefined],
    ['file ', undefined],
    ['foll', undefined],
  ] as const)
    it(`${JSON.stringify(line)} with ids of ${wanted ?? 'nothing'}`, () =>
      assert.equal(findWantedIds(line, more), wanted));

  it('ids, in front of flags', () => {
    assert.deepEqual(completeWord('follow 1', more, ids).candidates, [`${ids[0]} `]);
    assert.deepEqual(completeWord('follow ', more, ids).candidates.slice(0, 3), [`${ids[0]} `, `${ids[1]} `, '-t ']);
  });
});
