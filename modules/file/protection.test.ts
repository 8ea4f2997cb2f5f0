/** Protected files over every path that leads to them: the verdict is about the opened file, not the requested name. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, linkSync, mkdirSync, openSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { native } from '../../native/index.ts';
import { defaultProtectedRules } from '../../protocol/environment/protection.ts';
import type { OperationResult, SkipReason } from '../../protocol/result/result.ts';
import { carryOut } from '../kit/carry-out.ts';
import type { Protection } from '../kit/gate.ts';
import { limits } from '../kit/testing/limits.ts';
import { module } from './module.ts';
import { run } from './run.ts';
import { makeTree, type SearchInput, type Tree, toPaths } from './testing/ask.ts';

const secret = 'top secret 12345\n';

function makeHome(): Tree {
  return makeTree({ 'home/.ssh/id_ed25519': secret, 'home/notes': secret, 'etc/shadow': secret });
}

function askProtected(search: SearchInput, protection: Protection, answer?: string): Promise<OperationResult> {
  const options = { matchall: true, ...search.options };
  const parameters = { searches: { s1: { ...search, options } }, ...(answer === undefined ? {} : { answer }) };
  return carryOut(module, run, parameters, { signal: new AbortController().signal, limits, protection });
}

function foundBy(result: OperationResult): string[] {
  assert.equal(result.success, true, result.errors.join('\n'));
  return toPaths(module.elements.parse(result.elements).s1);
}

function skippedBy({ receipt }: OperationResult, why: SkipReason = 'protected'): number {
  return receipt.skipped.find(({ reason }) => reason === why)?.count ?? 0;
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function unread(...globs: string[]): Protection {
  return { rules: globs.map((glob) => ({ glob, mayRead: false, mayTell: true })), questions: 100, contents: [] };
}

describe('protected content', () => {
  it('is not looked at, and the receipt counts it', async () => {
    const tree = makeHome();
    const result = await askProtected({ paths: [tree.path], contents: ['secret'] }, unread('**/.ssh/id_*'));
    assert.deepEqual(foundBy(result), [tree.at('etc/shadow'), tree.at('home/notes')]);
    assert.equal(skippedBy(result), 1);
  });

  it('may still be found by its name', async () => {
    const tree = makeHome();
    const result = await askProtected({ paths: [tree.path], names: ['^id_'] }, unread('**/.ssh/id_*'));
    assert.deepEqual(foundBy(result), [tree.at('home/.ssh/id_ed25519')]);
  });

  const questions: Readonly<Record<string, SearchInput>> = {
    content: { paths: [], contents: ['secret'] },
    'content that is not there': { paths: [], contents: ['!nothing'] },
    bytes: { paths: [], bytes: ['73??6372'] },
    digest: { paths: [], sha2: ['0'.repeat(64)], options: { mismatch: ['sha2'] } },
    'fast digest': { paths: [], md5: ['0'.repeat(32)], options: { mismatch: ['md5'] } },
    'returned digest': { paths: [], options: { returnsha256: true } },
  };
  for (const [says, question] of Object.entries(questions))
    it(`is not told by a question for ${says}`, async () => {
      const tree = makeHome();
      const protection = unread(tree.at('etc/*'), '**/.ssh/id_*', tree.at('home/n?t[d-f]s'));
      const result = await askProtected({ ...question, paths: [tree.path] }, protection);
      const elements = module.elements.parse(result.elements).s1 ?? [];
      assert.equal(skippedBy(result), 3);
      assert.equal(result.receipt.examined.bytes, 0);
      assert.ok(elements.every(({ fileinfo }) => fileinfo?.sha256 === undefined));
      if (says !== 'returned digest') assert.equal(elements.length, 0);
    });

  const ways: Readonly<Record<string, (tree: Tree) => string>> = {
    'its own name': (tree) => tree.at('etc/shadow'),
    'a name with dots in it': (tree) => `${tree.at('home')}/../etc/./shadow`,
    'a link': (tree) => {
      symlinkSync('etc/shadow', tree.at('innocent'));
      return tree.at('innocent');
    },
    'a link to its folder': (tree) => {
      symlinkSync('etc', tree.at('folder'));
      return join(tree.at('folder'), 'shadow');
    },
    'a hard link': (tree) => {
      linkSync(tree.at('etc/shadow'), tree.at('hard'));
      return tree.at('hard');
    },
    'the root of a process': (tree) => `/proc/self/root${tree.at('etc/shadow')}`,
    'the working directory of a process': (tree) => `/proc/self/cwd/../../../../../../../..${tree.at('etc/shadow')}`,
  };
  for (const [says, toPath] of Object.entries(ways)) {
    it(`that is asked for by ${says} makes the whole question fail`, async () => {
      const tree = makeHome();
      const result = await askProtected(
        { paths: [toPath(tree), tree.at('home')], contents: ['secret'] },
        unread(tree.at('etc/shadow')),
      );
      assert.equal(result.success, false);
      assert.match(result.errors.join('\n'), /^protected here/);
      assert.equal(result.receipt.cutshort, null, 'nobody cancelled it');
      assert.deepEqual(result.elements, {});
    });
  }

  // The findings of search b were lost.
  const refusals: readonly (readonly [string, SearchInput, Protection['rules'][number], RegExp])[] = [
    [
      'content',
      { paths: [], contents: ['secret'] },
      { glob: '', mayRead: false, mayTell: true },
      /^search 'a': protected here: /,
    ],
    [
      'more questions than are left',
      { paths: [], md5: ['0'.repeat(32), '1'.repeat(32)] },
      { glob: '', mayRead: true, mayTell: true },
      /^search 'a': protected here, with no question .* left in this hour: /,
    ],
    [
      'a name that is hidden',
      { paths: [] },
      { glob: '', mayRead: false, mayTell: false },
      /^search 'a': protected here: /,
    ],
  ];
  for (const [says, search, rule, expected] of refusals)
    it(`that one search asks for by ${says} leaves the other searches their findings`, async () => {
      const tree = makeHome();
      const rules = [{ ...rule, glob: tree.at('etc/shadow') }];
      const searches = {
        a: { ...search, paths: [tree.at('etc/shadow'), tree.at('home')] },
        b: { paths: [tree.at('home')], names: ['^notes$'], contents: ['.'] },
      };
      const result = await carryOut(
        module,
        run,
        { searches },
        {
          signal: new AbortController().signal,
          limits,
          protection: { rules, contents: [], questions: 1 },
        },
      );
      assert.equal(result.success, true);
      const elements = module.elements.parse(result.elements);
      assert.deepEqual(elements.a, []);
      assert.ok((elements.b ?? []).length >= 1);
      assert.match(result.errors.join('\n'), expected);
      const reason = says.startsWith('more') ? 'question-limit' : 'protected';
      assert.ok(result.receipt.skipped.some((skip) => skip.reason === reason));
    });

  it('below a folder that is reached through a link or the root of a process is skipped', async () => {
    const tree = makeHome();
    symlinkSync('home', tree.at('other'));
    for (const path of [tree.at('other'), `/proc/self/root${tree.at('home')}`]) {
      const result = await askProtected({ paths: [path], contents: ['secret'] }, unread(tree.at('home/.ssh/**')));
      assert.equal(skippedBy(result), 1, path);
      assert.equal(foundBy(result).length, 1, path);
    }
  });

  it('behind a bind mount is skipped, of a folder as of the file alone', async (context) => {
    const tree = makeHome();
    mkdirSync(tree.at('mounted'));
    writeFileSync(tree.at('file'), '');
    // The real module is asked in a mount namespace of its own.
    const script = `mount --bind '${tree.at('etc')}' '${tree.at('mounted')}' && mount --bind '${tree.at('etc/shadow')}' '${tree.at('file')}' && exec '${process.execPath}' -e "$ASK"`;
    const ask = `import(${JSON.stringify(join(import.meta.dirname, 'run.ts'))}).then(async ({ run }) => {
      const { module } = await import(${JSON.stringify(join(import.meta.dirname, 'module.ts'))});
      const { carryOut } = await import(${JSON.stringify(join(import.meta.dirname, '../kit/carry-out.ts'))});
      const parameters = { searches: { s1: { paths: [${JSON.stringify(tree.at('mounted'))}], contents: ['secret'] },
        s2: { paths: [${JSON.stringify(tree.path)}], names: ['^file$'], contents: ['secret'], options: { matchall: true } } } };
      const protection = ${JSON.stringify(unread(tree.at('etc/shadow')))};
      console.log(JSON.stringify(await carryOut(module, run, parameters, { signal: new AbortController().signal, limits: ${JSON.stringify(limits)}, protection })));
    });`;
    const child = spawnSync('unshare', ['--mount', 'sh', '-c', script], { env: { ...process.env, ASK: ask } });
    if (child.status !== 0) return context.skip(`mount namespaces are not to be had here: ${child.stderr}`);
    const result: OperationResult = JSON.parse(child.stdout.toString());
    assert.deepEqual(module.elements.parse(result.elements), { s1: [], s2: [] });
    assert.equal(skippedBy(result), 2);
  });

  it('behind a bind mount of a folder, of one below it or of itself is skipped where all below is protected', async (context) => {
    const tree = makeTree({ 'store/keys/deep/a.key': secret, 'whole/.keep': '', 'part/.keep': '', file: '' });
    const binds = [
      ['store/keys', 'whole'],
      ['store/keys/deep', 'part'],
      ['store/keys/deep/a.key', 'file'],
    ].map(([from = '', to = '']) => `mount --bind '${tree.at(from)}' '${tree.at(to)}'`);
    const ask = `import(${JSON.stringify(join(import.meta.dirname, 'run.ts'))}).then(async ({ run }) => {
      const { module } = await import(${JSON.stringify(join(import.meta.dirname, 'module.ts'))});
      const { carryOut } = await import(${JSON.stringify(join(import.meta.dirname, '../kit/carry-out.ts'))});
      const parameters = { searches: { s1: { paths: [${JSON.stringify(tree.path)}], contents: ['secret'] } } };
      const protection = ${JSON.stringify(unread(tree.at('store/keys/**')))};
      console.log(JSON.stringify(await carryOut(module, run, parameters, { signal: new AbortController().signal, limits: ${JSON.stringify(limits)}, protection })));
    });`;
    const script = `${binds.join(' && ')} && exec '${process.execPath}' -e "$ASK"`;
    const child = spawnSync('unshare', ['--mount', 'sh', '-c', script], { env: { ...process.env, ASK: ask } });
    if (child.status !== 0) return context.skip(`mount namespaces are not to be had here: ${child.stderr}`);
    const result: OperationResult = JSON.parse(child.stdout.toString());
    assert.deepEqual(foundBy(result), []);
    assert.equal(skippedBy(result), 4);
  });

  it('is known by its inode where it has no name of its own any more', async () => {
    const tree = makeHome();
    linkSync(tree.at('etc/shadow'), tree.at('home/copy'));
    const result = await askProtected(
      { paths: [tree.at('home')], contents: ['secret'] },
      unread(tree.at('e?c/sha[a-e]*w')),
    );
    assert.deepEqual(foundBy(result), [tree.at('home/.ssh/id_ed25519'), tree.at('home/notes')]);
  });
});

describe('a protected file that was replaced', { skip: process.platform !== 'linux' }, () => {
  it('is not looked at through a process that still has it open', async () => {
    const tree = makeHome();
    const descriptor = openSync(tree.at('etc/shadow'), 'r');
    writeFileSync(tree.at('etc/shadow.new'), 'another secret\n');
    renameSync(tree.at('etc/shadow.new'), tree.at('etc/shadow'));
    const link = `/proc/${process.pid}/fd/${descriptor}`;
    const question = { paths: [link], contents: ['secret'] };
    const result = await askProtected(question, unread(tree.at('etc/shadow')));
    assert.equal(result.success, false, JSON.stringify(result.elements));
    assert.equal(skippedBy(result), 1);
    const other = await askProtected(question, unread(tree.at('etc/passwd')));
    assert.deepEqual(foundBy(other), [link]);
    closeSync(descriptor);
  });
});

describe('what is protected without a rule of the environment', () => {
  it('has the copies of passwords that the system keeps beside the file itself', () => {
    const globs = defaultProtectedRules.flatMap(({ paths }) => paths);
    const copies = ['/etc/shadow', '/etc/shadow-', '/var/backups/shadow.bak', '/var/backups/gshadow.bak'];
    for (const copy of [...copies, '/private/var/db/dslocal/nodes/Default/users/alice.plist'])
      assert.notDeepEqual(native().compileGlobs(globs)(copy), [], copy);
  });

  it('has each of its places, and each copy, found by the native engine as by the patterns', async () => {
    const globs = defaultProtectedRules.flatMap(({ paths }) => paths);
    const toSample = (glob: string) =>
      glob.replaceAll('**', 'some/folder').replaceAll('[0-9]', '7').replaceAll('[34]', '3').replaceAll(/[*?]/g, 'a');
    const samples = [...new Set(globs.map(toSample))];
    const tree = makeTree(Object.fromEntries(samples.map((sample, index) => [`${index}/${sample}`, secret])));
    const answer = await askProtected({ paths: [tree.path], contents: ['secret'] }, unread(...globs));
    assert.deepEqual(foundBy(answer), []);
    assert.equal(skippedBy(answer), samples.length);
    const unmatched = globs.filter((glob) => native().compileGlobs([glob])(`/${toSample(glob)}`).length === 0);
    assert.deepEqual(unmatched, []);
  });

  it('leaves open what is public, or looked into in every incident', () => {
    const globs = defaultProtectedRules.flatMap(({ paths }) => paths);
    const open = [
      '/etc/passwd',
      '/etc/group',
      '/etc/sudoers',
      '/etc/ssl/certs/ca-certificates.crt',
      '/etc/letsencrypt/live/example.org/fullchain.pem',
      '/etc/ssh/ssh_host_ed25519_key.pub',
      '/etc/ssh/sshd_config',
      '/root/.ssh/authorized_keys',
      '/root/.ssh/known_hosts',
      '/root/.bash_history',
      '/etc/apt/keyrings/docker.gpg',
      '/usr/share/keyrings/debian-archive-keyring.gpg',
      '/lib/modules/6.1/kernel/drivers/net/wireguard/wireguard.ko',
      '/etc/crontab',
      '/var/www/html/wp-config.php',
      '/usr/bin/ssh',
      '/var/log/auth.log',
    ];
    const held = open.filter((path) => native().compileGlobs(globs)(path).length > 0);
    assert.deepEqual(held, []);
  });

  const globs = defaultProtectedRules.flatMap(({ paths }) => paths);
  it('has the variables of processes in it, by each of their names', async (context) => {
    if (process.platform !== 'linux') return context.skip('there is no /proc');
    for (const folder of [
      '/proc/self',
      `/proc/${process.pid}`,
      `/proc/self/task/${process.pid}`,
      '/proc/self/root/proc/self',
    ]) {
      const result = await askProtected({ paths: [`${folder}/environ`], contents: ['PATH='] }, unread(...globs));
      assert.equal(result.success, false, folder);
    }
  });
});

describe('questions about protected content', () => {
  const allowed = (tree: Tree, questions: number): Protection => ({
    rules: [{ glob: tree.at('etc/*'), mayRead: true, mayTell: true }],
    questions,
    contents: [],
  });

  it('of those who may ask are answered and counted, one for each check', async () => {
    const tree = makeHome();
    const search = { paths: [tree.at('etc')], contents: ['secret', '^top'], md5: ['0'.repeat(32)] };
    const result = await askProtected({ ...search, options: { matchall: false } }, allowed(tree, 3));
    assert.equal(foundBy(result).length, 2);
    assert.equal(result.receipt.protectedquestions, 3);
  });

  it('count each value of a list of digests, and no answer names the one that fits', async () => {
    const tree = makeTree({ 'etc/pin': '4711' });
    const pins = Array.from({ length: 20 }, (_, index) => sha1(String(4700 + index)));
    const search = { paths: [tree.path], sha1: pins, options: { matchall: false } };
    const answer = await askProtected(search, allowed(tree, 20));
    assert.deepEqual(foundBy(answer), [tree.at('etc/pin')]);
    assert.equal(answer.receipt.protectedquestions, 20);
    const [element] = module.elements.parse(answer.elements).s1 ?? [];
    assert.deepEqual(element?.search, { sha1: pins });
    const tooMany = await askProtected(search, allowed(tree, 19));
    assert.deepEqual([foundBy(tooMany), skippedBy(tooMany, 'question-limit')], [[], 1]);
  });

  it('give no digest, with which guesses could be tried elsewhere', async () => {
    const tree = makeTree({ 'etc/pin': '4711' });
    for (const contents of [undefined, ['47']]) {
      const search = { paths: [tree.path], contents, options: { returnsha256: true } };
      const answer = await askProtected(search, allowed(tree, 5));
      const [element] = module.elements.parse(answer.elements).s1 ?? [];
      assert.equal(element?.file, tree.at('etc/pin'));
      assert.equal(element.fileinfo?.sha256, undefined);
      assert.equal(skippedBy(answer), 1, 'the receipt says so');
    }
  });

  it('do not tell by what was read where something stands', async () => {
    const piece = 300 * 1024;
    const tree = makeTree({ 'etc/long': `first\n${'.'.repeat(piece)}\nmiddle\n${'.'.repeat(piece)}\nlast` });
    const read = async (word: string) => {
      const answer = await askProtected({ paths: [tree.path], contents: [word] }, allowed(tree, 1));
      assert.equal(answer.foundanything, true);
      return answer.receipt.examined.bytes;
    };
    const [first, last] = [await read('^first$'), await read('^last$')];
    assert.equal(first, last);
  });

  it('over the limit are not', async () => {
    const tree = makeHome();
    const search = { paths: [tree.at('etc')], contents: ['secret', '^top'] };
    const result = await askProtected(search, allowed(tree, 1));
    assert.deepEqual(foundBy(result), []);
    assert.equal(skippedBy(result, 'question-limit'), 1);
    assert.equal(result.receipt.protectedquestions, 0);
  });
});

describe('a file that must not be told of', () => {
  const hidden: Protection = {
    rules: [{ glob: '**/.ssh/**', mayRead: false, mayTell: false }],
    questions: 0,
    contents: [],
  };

  it('is not listed, by its name or by a link', async () => {
    const tree = makeHome();
    symlinkSync('.ssh/id_ed25519', tree.at('home/link'));
    const result = await askProtected({ paths: [tree.at('home')], sizes: ['>0'] }, hidden);
    assert.deepEqual(foundBy(result), [tree.at('home/notes')]);
    assert.equal(skippedBy(result), 2);
  });
});

describe('the name of a file that must not be told of', () => {
  const hiding = (tree: Tree): Protection => ({
    rules: [{ glob: `${tree.at('home')}/**`, mayRead: false, mayTell: false }],
    questions: 0,
    contents: [],
  });
  /** An answer without its own cost. */
  const said = ({ success, foundanything, elements, errors, receipt }: OperationResult): unknown => {
    const { examined, skipped, cutshort } = receipt;
    return { success, foundanything, elements, errors, examined, skipped, cutshort };
  };

  it('is not read out letter by letter through what is counted as protected', async () => {
    const tree = makeHome();
    const ask = (name: string) => askProtected({ paths: [tree.path], names: [name] }, hiding(tree));
    const [there, absent] = [await ask('^note'), await ask('^q')];
    assert.equal(skippedBy(there), 2);
    assert.deepEqual(said(there), said(absent));
  });

  const patterns: Readonly<Record<string, (tree: Tree, name: string) => string>> = {
    'a path': (tree, name) => tree.at(`home/${name}`),
    'a pattern': (tree, name) => tree.at(`home/${name.slice(0, 2)}*`),
    'a pattern for its folder, too': (tree, name) => `${tree.at('h*')}/${name.slice(0, 2)}*`,
    'the root of a process': (tree, name) => `/proc/self/root${tree.at('home')}/${name.slice(0, 2)}*`,
    'a link to its folder': (tree, name) => tree.at(`link/${name}`),
    'a pattern behind a link': (tree, name) => tree.at(`link/${name.slice(0, 2)}*`),
  };
  for (const [says, toPath] of Object.entries(patterns))
    it(`is not guessed by ${says}: the answer is the same whether it is there`, async () => {
      const tree = makeTree({ 'home/zzfile': secret });
      symlinkSync('home', tree.at('link'));
      const ask = async (name: string) => {
        const result = await askProtected({ paths: [toPath(tree, name)], sizes: ['>0'] }, hiding(tree));
        // After a slash, because the random name of the test's folder may contain these letters.
        return JSON.stringify(said(result)).replaceAll(`/${name.slice(0, 2)}`, '/..');
      };
      assert.equal(await ask('zzfile'), await ask('xxfile'));
    });

  it('stands in no message of an answer that tells no names', async () => {
    const tree = makeHome();
    writeFileSync(tree.at('home/damaged.gz'), Buffer.from('1f8b0800000000000000ffffffff', 'hex'));
    const open: Protection = { rules: [], questions: 0, contents: [] };
    const message = 'messages that name files are left out of an answer without names';
    for (const [answer, note] of [
      ['yesno', message],
      ['count', `1 ${message}`],
    ] as const) {
      const options = { decompress: true };
      const result = await askProtected({ paths: [tree.path], contents: ['a'], options }, open, answer);
      assert.deepEqual(result.errors, [note]);
    }
  });
});

describe('the class of the answer', () => {
  const classes = [
    { answer: 'metadata', listed: 2, info: true, total: 2 },
    { answer: 'names', listed: 2, info: false, total: 2 },
    { answer: 'count', listed: 0, info: false, total: 2 },
    { answer: 'yesno', listed: 0, info: false, total: 1 },
  ];
  for (const { answer, listed, info, total } of classes)
    it(`${answer}: tells no more than that`, async () => {
      const tree = makeTree({ a: 'x', b: 'x' });
      const result = await askProtected(
        { paths: [tree.path], contents: ['x'] },
        { rules: [], contents: [], questions: 0 },
        answer,
      );
      const found = module.elements.parse(result.elements).s1 ?? [];
      assert.equal(result.foundanything, true);
      assert.equal(found.length, listed);
      assert.ok(found.every(({ fileinfo }) => (fileinfo !== undefined) === info));
      assert.equal(Reflect.get(Object(result.statistics), 'totalhits'), total);
    });
});
