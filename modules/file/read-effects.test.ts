/** Files whose reading takes, changes or blocks something are not opened, under any name. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { OperationResult } from '../../protocol/result/result.ts';
import { ask, findFiles, makeTree, type SearchInput } from './testing/ask.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const cannot = isRoot && existsSync('/proc/kmsg') ? false : 'only root on Linux may read such files';
if (cannot !== false) process.stderr.write(`SKIPPED: files with effects: ${cannot}\n`);

const zeros = '0'.repeat(64);
const unsupported = [{ reason: 'unsupported', count: 1 }];

async function assertUnopened(paths: readonly string[], name: RegExp, reason: RegExp, more: Partial<SearchInput> = {}) {
  for (const filter of [
    { contents: ['.'] },
    { bytes: ['00'] },
    { sha2: [zeros], options: { mismatch: ['sha2' as const] } },
  ]) {
    const { receipt, errors, elements } = await ask({
      ...more,
      ...filter,
      paths: [...paths],
      options: { matchall: true, ...more.options, ...filter.options },
    });
    assert.deepEqual(elements.s1 ?? [], []);
    assert.deepEqual(
      receipt.skipped.filter((one) => one.reason === 'unsupported'),
      unsupported,
    );
    assert.equal(receipt.examined.bytes, 0);
    assert.match(errors.join('\n'), name);
    assert.match(errors.join('\n'), reason);
  }
}

describe('the log of the kernel', { skip: cannot }, () => {
  it('is not taken from the log daemon', async () => {
    await assertUnopened(['/proc/kmsg'], /^\/proc\/kmsg: was not opened/, /log daemon/);
    await assertUnopened(['/proc'], /^\/proc\/kmsg: was not opened/, /log daemon/, {
      names: ['^kmsg$'],
      options: { maxdepth: 1 },
    });
  });

  it('is not read through a link', async () => {
    const tree = makeTree({ other: '' });
    symlinkSync('/proc/kmsg', tree.at('link'));
    await assertUnopened([tree.at('link')], /link: was not opened/, /log daemon/);
  });

  it('has a name and a mode', async () => {
    assert.deepEqual(await findFiles({ paths: ['/proc/kmsg'], names: ['^kmsg$'], modes: ['^-r'] }), ['/proc/kmsg']);
  });

  it('leaves the files beside it', async () => {
    assert.deepEqual(await findFiles({ paths: ['/proc/version'], contents: ['^Linux version'] }), ['/proc/version']);
    assert.deepEqual(await findFiles({ paths: ['/proc/sys/vm'], names: ['^swappiness$'], contents: ['^[0-9]+$'] }), [
      '/proc/sys/vm/swappiness',
    ]);
    assert.deepEqual(
      await findFiles({ paths: ['/sys/kernel/mm'], names: ['^enabled$'], contents: ['madvise'] }),
      await findFiles({ paths: ['/sys/kernel/mm'], names: ['^enabled$'] }),
    );
  });
});

describe('other files of the kernel', { skip: cannot }, () => {
  /** Asks in a mount namespace of its own. */
  function askMounted(mounts: readonly string[], search: SearchInput): OperationResult | undefined {
    const script = `import(${JSON.stringify(join(import.meta.dirname, 'testing/ask.ts'))}).then(async ({ ask }) => {
      const { hits: _, ...answer } = await ask(${JSON.stringify(search)});
      process.stdout.write('ANSWER ' + JSON.stringify(answer) + '\\n');
    });`;
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const command = `${mounts.join(' && ')} && exec '${process.execPath}' -e "$ASK"`;
    const { stdout } = spawnSync('unshare', ['--mount', 'sh', '-c', command], {
      env: { ...env, ASK: script },
      encoding: 'utf8',
    });
    const line = stdout.split('\n').find((one) => one.startsWith('ANSWER '));
    return line === undefined ? undefined : OperationResult.parse(JSON.parse(line.slice('ANSWER '.length)));
  }

  it('are not read where one of them is mounted alone', (context) => {
    const tree = makeTree({ log: '', version: '' });
    const mounts = [
      `mount --bind /proc/kmsg '${tree.at('log')}'`,
      `mount --bind /proc/version '${tree.at('version')}'`,
    ];
    const answer = askMounted(mounts, { paths: [tree.path], contents: ['.'], options: { matchall: true } });
    if (answer === undefined) return context.skip('mount namespaces are not to be had here');
    assert.match(answer.errors.join('\n'), /log: was not opened.*log daemon/);
    assert.deepEqual(answer.receipt.skipped, unsupported);
    assert.match(JSON.stringify(answer.elements), /version/);
  });

  for (const [type, name] of [
    ['tracefs', 'trace_pipe'],
    ['debugfs', 'sleep_time'],
  ] as const)
    it(`of ${type} are not read`, (context) => {
      const tree = makeTree({ 'mounted/.keep': '' });
      const answer = askMounted([`mount -t ${type} none '${tree.at('mounted')}'`], {
        paths: [tree.at('mounted')],
        contents: ['.'],
        options: { matchall: true, maxdepth: 1 },
      });
      if (answer === undefined) return context.skip(`${type} is not to be had here`);
      assert.equal(answer.foundanything, false, name);
      assert.equal(answer.receipt.examined.bytes, 0);
    });
});
