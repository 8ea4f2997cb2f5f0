import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Flag } from '../../../modules/kit/flag.ts';
import { completeWord } from './complete-word.ts';
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
});
