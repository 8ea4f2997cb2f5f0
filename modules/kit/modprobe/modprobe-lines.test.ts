/** Lines of modprobe.d, compared with what `modprobe --showconfig` reads. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { makeHost } from '../testing/host.ts';
import { whyNoTools } from '../testing/system-tools.ts';
import { parseModprobe } from './modprobe-lines.ts';

const reason = whyNoTools('modprobe');
const skip = reason === null ? {} : { skip: reason };
/** Lines of which modprobe tells all: of others it only tells what it understands. */
const told = /^(?:blacklist|install|remove)$/;

/** `install cramfs /bin/false`; a line alone without what it needs is refused. */
function ours(text: string): string[] {
  const lines = [...parseModprobe(text)].filter(({ action }) => told.test(action));
  return lines
    .filter(({ action, value }) => action === 'blacklist' || value !== '')
    .map(({ action, module, value }) => toComparable(`${action} ${module} ${action === 'blacklist' ? '' : value}`));
}

/** Names are told with `_`, values with the blanks in front of them. */
function toComparable(line: string): string {
  const [action = '', module = '', ...value] = line.split(/[ \t]+/);
  return `${action} ${module.replaceAll('-', '_')} ${value.join(' ')}`.trim();
}

function theirs(text: string): string[] {
  const host = makeHost({ '/d/a.conf': text });
  const { stdout } = spawnSync('modprobe', ['-C', host.at('/d'), '--showconfig'], { encoding: 'latin1' });
  const [lines = ''] = stdout.split('# End of configuration files');
  return lines
    .split('\n')
    .filter((line) => told.test(line.split(' ')[0] ?? ''))
    .map(toComparable);
}

const compare = (text: string) => assert.deepEqual(ours(text).sort(), theirs(text).sort(), JSON.stringify(text));

describe('modprobe reads', () => {
  for (const text of [
    'options a b=1\nblacklist c-d\ninstall d /sbin/modprobe \\\n --ignore-install d\n',
    '  softdep  e   pre: f\\\n g\nremove t  /bin/t\\\\\\\nz\n',
    '# comment \\\ninstall no /bin/no\n #install no2 x\ninstall v \\\n\\\n /bin/v\n',
    'install\ninstall q\ninstall r \n\\\ninstall s\t/bin/x  y  \ninstall w /bin/a\\b\n',
    'install z /bin/z',
  ])
    it(JSON.stringify(text), skip, () => compare(text));

  it('generated files', skip, () => {
    const piece = fc.constantFrom(
      ...['install ', 'blacklist ', 'softdep ', 'remove\t', 'a', 'b-c', '*', ' ', '\t', '/bin/x', '#', '\\\n', '\n'],
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => `${pieces.join('')}\n`);
    for (const one of fc.sample(text, { seed: 20_261_130, numRuns: 150 })) compare(one);
  });
});

it('the first of several lines is told', () => {
  assert.deepEqual(
    [...parseModprobe('\n#x\ninstall a \\\n b\nblacklist c\n')].map(({ line, action }) => [line, action]),
    [
      [3, 'install'],
      [5, 'blacklist'],
    ],
  );
});
