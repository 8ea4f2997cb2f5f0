/** Owner, times, names, marks, capabilities and attributes of files, beside what the system's own tools say. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chownSync, linkSync, lutimesSync, symlinkSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { carryOut } from '../kit/carry-out.ts';
import { limits } from '../kit/testing/limits.ts';
import { module } from './module.ts';
import { run } from './run.ts';
import { ask, findFiles, makeTree, type SearchInput, type Tree } from './testing/ask.ts';
import { listUnsupported } from './unsupported.ts';
import { isAccount, parseCapability, parseCount } from './values.ts';

const isLinux = process.platform === 'linux';
const isRoot = process.getuid?.() === 0;
const skip = isLinux && isRoot ? false : 'needs root on Linux';

function runTool(tool: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(tool, words, { encoding: 'utf8' });
  assert.equal(status, 0, `${tool} ${words.join(' ')}: ${stderr}`);
  return stdout;
}

/** Why the tools are of no use here; false when they are. */
function whyNot(...tools: readonly string[]): string | false {
  if (skip !== false) return skip;
  const missing = tools.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
  if (missing.length === 0) return false;
  process.stderr.write(
    `SKIPPED: ${missing.join(', ')} not installed, files were NOT compared with the system's tools\n`,
  );
  return `${missing.join(', ')} not installed`;
}

/** An account that no file has. */
const nobodyKnows = 54_321;

function makeOwned(): Tree {
  const tree = makeTree({ 'a/of-root': 'r', 'a/of-daemon': 'd', 'b/of-nobody': 'n', 'b/linked': 'l', 'b/old': 'o' });
  chownSync(tree.at('a/of-daemon'), 1, 1);
  chownSync(tree.at('b/of-nobody'), nobodyKnows, nobodyKnows);
  linkSync(tree.at('b/linked'), tree.at('b/linked-again'));
  lutimesSync(tree.at('b/old'), 1_000_000_000, 1_000_000_000);
  return tree;
}

describe('files are those of find', { skip }, () => {
  const day = 24 * 60;
  for (const [search, words] of [
    [{ users: ['root'] }, ['-user', 'root']],
    [{ users: ['daemon'] }, ['-user', 'daemon']],
    [{ users: ['1'] }, ['-user', '1']],
    [{ users: [String(nobodyKnows)] }, ['-user', String(nobodyKnows)]],
    [{ users: ['root', 'daemon'] }, ['(', '-user', 'root', '-o', '-user', 'daemon', ')']],
    [{ users: ['root'], options: { mismatch: ['user'] } }, ['!', '-user', 'root']],
    [{ groups: ['daemon'] }, ['-group', 'daemon']],
    [{ groups: [String(nobodyKnows)] }, ['-group', String(nobodyKnows)]],
    [{ linkcounts: ['2'] }, ['-links', '2']],
    [{ linkcounts: ['>2'] }, ['-links', '+1']],
    [{ linkcounts: ['..1'] }, ['-links', '-2']],
    [{ atimes: ['>1d'] }, ['-amin', `+${day}`]],
    [{ atimes: ['<1d'] }, ['-amin', `-${day}`]],
    [{ ctimes: ['<1d'] }, ['-cmin', `-${day}`]],
    [{ ctimes: ['>1d'] }, ['-cmin', `+${day}`]],
  ] satisfies readonly (readonly [Omit<SearchInput, 'paths'>, readonly string[]])[])
    it(words.join(' '), async () => {
      const tree = makeOwned();
      const theirs = runTool('find', tree.path, '-type', 'f', ...words)
        .split('\n')
        .filter((line) => line !== '');
      assert.deepEqual(await findFiles({ paths: [tree.path], ...search }), theirs.sort());
    });

  // This find does not know when a file was made; stat does, see below.
  it('made within a day, whatever their other times say', async () => {
    const tree = makeOwned();
    assert.deepEqual(await findFiles({ paths: [tree.path], mtimes: ['>1d'], btimes: ['<1d'] }), [tree.at('b/old')]);
    assert.deepEqual(await findFiles({ paths: [tree.path], btimes: ['>1d'] }), []);
  });

  it('-inum', async () => {
    const tree = makeOwned();
    const inode = runTool('stat', '-c', '%i', tree.at('b/linked')).trim();
    const theirs = runTool('find', tree.path, '-inum', inode).trim().split('\n').sort();
    assert.equal(theirs.length, 2);
    assert.deepEqual(await findFiles({ paths: [tree.path], inodes: [inode] }), theirs);
    assert.deepEqual(await findFiles({ paths: [tree.path], inodes: [`${inode}..${inode}`] }), theirs);
  });
});

describe('an answer', { skip }, () => {
  it('has what stat shows', async () => {
    const tree = makeOwned();
    for (const { file, fileinfo } of (await ask({ paths: [tree.path] })).hits) {
      const toText = (time = ''): string => time.replace(' +0000 UTC', '').padEnd(20, '.').padEnd(29, '0');
      const { owner, group, inode, links, ctime, btime, atime } = fileinfo ?? {};
      const ours = [owner, group, inode, String(links), ...[ctime, btime, atime].map(toText)];
      const format = '%u,%U,%g,%G,%i,%h,%z,%w,%x';
      const { stdout } = spawnSync('stat', ['-c', format, file], {
        encoding: 'utf8',
        env: { ...process.env, TZ: 'UTC' },
      });
      const [uid, user, gid, name, ...others] = stdout.trim().replaceAll(' +0000', '').split(',');
      const isUnknown = (one: string | undefined): boolean => one === 'UNKNOWN';
      assert.deepEqual(ours, [isUnknown(user) ? uid : user, isUnknown(name) ? gid : name, ...others]);
    }
  });

  it('has the owner of the file behind a link', async () => {
    const tree = makeOwned();
    symlinkSync('of-daemon', tree.at('a/link'));
    assert.deepEqual(
      await findFiles({ paths: [tree.at('a')], users: ['daemon'] }),
      ['a/link', 'a/of-daemon'].map(tree.at),
    );
  });

  it('says which account matched when each counts on its own', async () => {
    const tree = makeOwned();
    const { hits } = await ask({ paths: [tree.at('a')], users: ['root', 'daemon'] });
    assert.deepEqual(
      hits.map(({ search }) => search).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
      [{ users: ['daemon'] }, { users: ['root'] }],
    );
  });
});

describe('accounts', { skip }, () => {
  it('that the host does not have are named, and own nothing', async () => {
    const tree = makeOwned();
    const { hits, errors, receipt } = await ask({
      paths: [tree.path],
      users: ['nosuchuser', 'daemon'],
      groups: ['nosuchgroup', 'daemon'],
      options: { matchall: true },
    });
    assert.deepEqual(
      hits.map(({ file }) => file),
      [tree.at('a/of-daemon')],
    );
    assert.deepEqual(errors, [
      'user nosuchuser: no such account in /etc/passwd',
      'group nosuchgroup: no such account in /etc/group',
    ]);
    assert.deepEqual(receipt.skipped, []);
  });

  it('have their numbers alone where the files are protected', async () => {
    const tree = makeOwned();
    const protection = {
      rules: [{ glob: '/etc/passwd', mayRead: false, mayTell: true }],
      contents: [],
      questions: 100,
    };
    const answer = (users: readonly string[]) =>
      carryOut(
        module,
        run,
        { searches: { s1: { paths: [tree.path], users } } },
        {
          signal: new AbortController().signal,
          limits,
          protection,
        },
      );
    const named = await answer(['daemon']);
    assert.equal(named.success, false);
    assert.deepEqual(named.errors, ['user daemon: /etc/passwd was not read (protected); a number needs no file']);
    const numbered = await answer(['1']);
    const [found] = module.elements.parse(numbered.elements).s1 ?? [];
    assert.deepEqual([found?.fileinfo?.owner, found?.fileinfo?.group], ['1', 'daemon']);
  });
});

describe('what a file system does not keep', { skip: isLinux ? false : 'needs /proc' }, () => {
  for (const search of [
    { btimes: ['<1d'] },
    { btimes: ['<1d'], options: { mismatch: ['btime'] } },
    { immutable: false },
  ] satisfies readonly Omit<SearchInput, 'paths'>[])
    it(`leaves ${JSON.stringify(search)} undecided`, async () => {
      const options = { matchall: true, ...('options' in search ? search.options : {}) };
      const answer = await ask({ paths: ['/proc/self/status'], ...search, options });
      assert.deepEqual([answer.hits, answer.receipt.skipped], [[], [{ reason: 'undecided', count: 1 }]]);
      const other = await ask({ paths: ['/proc/self/status'], names: ['^other$'], ...search, options });
      assert.deepEqual([other.hits, other.receipt.skipped], [[], []]);
    });
});

describe('capabilities', { skip: whyNot('setcap', 'getcap') }, () => {
  it('are those of getcap', async () => {
    const tree = makeTree({ plain: '', raw: '', admin: '', 'd/both': '' });
    for (const [caps, name] of [
      ['cap_net_raw+ep', 'raw'],
      ['cap_net_admin+i', 'admin'],
      ['cap_net_raw,cap_sys_admin+p', 'd/both'],
    ] as const)
      runTool('setcap', caps, tree.at(name));
    const theirs = runTool('getcap', '-r', tree.path)
      .split('\n')
      .filter((line) => line !== '');
    const find = (...capabilities: string[]) => findFiles({ paths: [tree.path], capabilities });
    const theirsWith = (name: string) =>
      theirs
        .filter((line) => line.includes(name))
        .map((line) => line.replace(/ .*$/, ''))
        .sort();
    assert.equal(theirs.length, 3);
    assert.deepEqual(await find('any'), theirsWith(''));
    for (const name of ['cap_net_raw', 'cap_net_admin', 'cap_sys_admin', 'cap_chown'])
      assert.deepEqual(await find(name), theirsWith(name), name);
    assert.deepEqual(await find('NET_RAW', 'cap_21'), [tree.at('d/both')]);
    const none = await findFiles({ paths: [tree.path], capabilities: ['any'], options: { mismatch: ['capability'] } });
    assert.deepEqual(none, [tree.at('plain')]);
  });
});

describe('extended attributes', { skip: whyNot('setfattr', 'getfattr') }, () => {
  it('are those of getfattr, and of the file behind a link', async () => {
    const tree = makeTree({ plain: '', 'd/one': '', two: '' });
    runTool('setfattr', '-n', 'user.origin', '-v', 'https://example.org/secret', tree.at('d/one'));
    runTool('setfattr', '-n', 'user.checksum', '-v', '1', tree.at('two'));
    symlinkSync('two', tree.at('link'));
    const theirs = runTool('getfattr', '-R', '--absolute-names', '-m', '^user\\.', tree.path);
    assert.match(theirs, /user\.origin/);
    const find = (...xattrs: string[]) => findFiles({ paths: [tree.path], xattrs });
    assert.deepEqual(await find('^user\\.'), ['d/one', 'link', 'two'].map(tree.at));
    assert.deepEqual(await find('origin'), [tree.at('d/one')]);
    assert.deepEqual(await find('!^user\\.'), [tree.at('plain')]);
    const { elements } = await ask({ paths: [tree.path], xattrs: ['origin'] });
    assert.doesNotMatch(JSON.stringify(elements), /secret/);
  });
});

describe('marks', { skip: whyNot('chattr', 'lsattr') }, () => {
  const marked: string[] = [];
  after(() => {
    for (const path of marked) runTool('chattr', '-ia', path);
  });

  it('are those of lsattr', async (context) => {
    const tree = makeTree({ plain: '', fixed: '', 'd/grows': '' });
    for (const [flag, name] of [
      ['+i', 'fixed'],
      ['+a', 'd/grows'],
    ] as const) {
      if (spawnSync('chattr', [flag, tree.at(name)]).status !== 0) {
        process.stderr.write('SKIPPED: this file system has no marks, they were NOT compared with lsattr\n');
        context.skip('no marks here');
        return;
      }
      marked.push(tree.at(name));
    }
    const find = (search: Omit<SearchInput, 'paths'>) => findFiles({ paths: [tree.path], ...search });
    const theirs = (letter: string) =>
      runTool('lsattr', '-R', tree.path)
        .split('\n')
        .filter((line) => new RegExp(`^\\S*${letter}\\S* /`).test(line))
        .map((line) => line.replace(/^\S+ /, ''));
    assert.deepEqual(await find({ immutable: true }), theirs('i'));
    assert.deepEqual(await find({ appendonly: true }), theirs('a'));
    assert.deepEqual(await find({ immutable: false, appendonly: false }), [tree.at('plain')]);
  });
});

describe('values', () => {
  for (const [text, minimum, maximum, kind] of [
    ['4', 4n, 4n, 'exact'],
    ['<4', 0n, 4n, 'bound'],
    ['>4', 4n, 2n ** 64n - 1n, 'bound'],
    ['4..8', 4n, 8n, 'bound'],
    ['..8', 0n, 8n, 'bound'],
    ['18446744073709551615', 2n ** 64n - 1n, 2n ** 64n - 1n, 'exact'],
  ] as const)
    it(`take ${text}`, () => assert.deepEqual(parseCount(text), { kind, range: { minimum, maximum } }));

  for (const text of ['', '..', '<', '8..4', '4k', '-1', '1.5', '<4..8', '18446744073709551616', '1'.repeat(30)])
    it(`refuse ${JSON.stringify(text)} as a number`, () => assert.equal(parseCount(text), undefined));

  for (const [text, set] of [
    ['cap_net_raw', 1n << 13n],
    ['NET_RAW', 1n << 13n],
    ['cap_checkpoint_restore', 1n << 40n],
    ['cap_63', 1n << 63n],
    ['cap_64', undefined],
    ['net_everything', undefined],
    ['13', undefined],
    ['', undefined],
  ] as const)
    it(`${text} is ${set === undefined ? 'no' : 'a'} capability`, () => assert.equal(parseCapability(text), set));

  for (const [text, isOne] of [
    ['www-data', true],
    ['Domain Users', true],
    ['4294967295', true],
    ['4294967296', false],
    ['a:b', false],
    ['', false],
  ] as const)
    it(`${JSON.stringify(text)} is ${isOne ? 'an' : 'no'} account`, () => assert.equal(isAccount(text), isOne));
});

describe('a system without a filter', () => {
  for (const [platform, search, reasons] of [
    ['linux', { users: ['root'], xattrs: ['x'], immutable: true }, []],
    ['darwin', { users: ['root'], xattrs: ['x'], immutable: true }, ['-xattr: not on macOS']],
    ['win32', { users: [], xattrs: ['x'], immutable: false }, ['-immutable: not on Windows', '-xattr: not on Windows']],
  ] as const)
    it(`says so: ${platform}`, () => assert.deepEqual(listUnsupported(search, platform), reasons));
});
