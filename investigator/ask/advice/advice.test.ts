import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadModules } from '../../../modules/registry.ts';
import { giveAdvice } from './advice.ts';
import { findPatternProblem } from './pattern-advice.ts';
import { findSecrets } from './secret-advice.ts';

const modules = await loadModules();

const search = (fields: Readonly<Record<string, unknown>>) => [
  { module: 'file', parameters: { searches: { s1: { paths: ['/etc'], ...fields } } } },
];

describe('advice', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>, RegExp | null])[] = [
    ['a name in a folder', { names: ['^passwd$'] }, null],
    ['the content of the whole disk', { paths: ['/'], contents: ['x'] }, /reads every file below \/ on every machine/],
    ['digests of the whole disk', { paths: ['/'], sha2: ['0'.repeat(64)] }, /reads every file/],
    ['a digest after a size', { paths: ['/'], sha2: ['0'.repeat(64)], sizes: ['12'] }, /walks all of \//],
    ['a walk through /proc', { paths: ['/proc'], names: ['^maps$'] }, /not a place for files/],
    ['an address', { contents: ['10.0.0.1'] }, /write 10\\\.0\\\.0\\\.1/],
    ['a password', { contents: ['password=hunter2'] }, /may be a secret/],
  ];
  for (const [name, fields, expected] of cases)
    it(`on ${name}`, () => {
      const notes = giveAdvice(search(fields), modules);
      if (expected === null) assert.deepEqual(notes, []);
      else assert.match(notes.join('\n'), expected);
    });

  it('on the memory of all processes', () => {
    const memory = (fields: Readonly<Record<string, unknown>>) =>
      giveAdvice([{ module: 'memory', parameters: { searches: { s1: fields } } }], modules);
    assert.match(memory({ contents: ['^x'] }).join('\n'), /memory of every process on every machine/);
    for (const fields of [{ contents: ['^x'], names: ['^sshd$'] }, { signs: ['all'] }])
      assert.deepEqual(memory(fields), []);
  });

  it('on the patterns of process', () => {
    const parameters = { searches: { s1: { exes: ['/tmp/*'], cmds: ['curl 10.0.0.1'] } } };
    const notes = giveAdvice([{ module: 'process', parameters }], modules).join('\n');
    assert.match(notes, /write \^\/tmp\/ for all below/);
    assert.match(notes, /write 10\\\.0/);
  });

  it('is silent on parameters of a form that it does not know', () => {
    for (const parameters of [null, 1, 'x', [], { searches: 1 }, { searches: [{}] }, { searches: { s1: null } }])
      assert.deepEqual(giveAdvice([{ module: 'file', parameters }], modules), []);
  });
});

describe('a pattern', () => {
  for (const [pattern, kind, better] of [
    ['10.1.2.3', 'text', '10\\.1\\.2\\.3'],
    ['10\\.1\\.2\\.3', 'text', null],
    ['evil.example.com', 'text', 'evil\\.example\\.com'],
    ['evil\\.example\\.com', 'text', null],
    ['*.php', 'name', '\\.php$'],
    ['passwd*', 'name', '^passwd'],
    ['shell.php', 'name', '^shell\\.php$'],
    ['^shell\\.php$', 'name', null],
    ['\\.php$', 'name', null],
    ['^.*\\.so$', 'name', null],
    ['^root:', 'text', null],
    ['/tmp/*', 'text', '^/tmp/'],
    ['^/tmp/.*', 'text', null],
    ['eval\\(base64_decode', 'text', null],
  ] as const)
    it(`${pattern} as ${kind}`, () => {
      const problem = findPatternProblem(pattern, kind);
      if (better === null) assert.equal(problem, undefined);
      else assert.ok(problem?.includes(better), problem);
    });

  it('that looks for places of secrets is not one that holds a secret', () => {
    assert.match(findSecrets(['BEGIN RSA PRIVATE KEY']).join(), /may lead to secrets/);
    assert.match(findSecrets(['Failed password.*token']).join(), /may lead to secrets/);
    assert.deepEqual(findSecrets(['Failed password for root', '^Accepted password from']), []);
    assert.match(findSecrets(['AKIAIOSFODNN7exampleKEY0']).join(), /may be a secret/);
    assert.deepEqual(findSecrets(['^root:', 'eval\\(']), []);
  });
});
