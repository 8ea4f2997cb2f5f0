/** Which questions are refused before they are signed, and by agents. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { module } from '../module.ts';
import { parseBy } from './by.ts';
import { parseFieldTest } from './field-test.ts';
import { toWindow } from './moment.ts';

function refusals(search: object): string[] {
  const parsed = module.parameters.safeParse({ searches: { s1: search } });
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
}

describe('what is counted by', () => {
  for (const text of [
    'identifier',
    'account',
    'from (?P<address>\\S+) port',
    '(?i:x)(?<number>\\d+)$',
    '[(](?P<path>/\\S+)[)]',
  ])
    it(`may be ${text}`, () => assert.equal(typeof parseBy(text), 'object'));

  for (const text of [
    '^(.*)$',
    '.*',
    '(?P<line>.*)',
    '(?P<message>.*)',
    'MESSAGE',
    '_CMDLINE',
    'message',
    '(?P<number>(.*))',
    '(?P<ligné>.*)(?P<number>a)',
    "(?'number'a)",
    '(?P<address>a)(?P<number>b)',
    '((?P<number>\\d+))',
    '\\Q(?P<number>\\d+)\\E',
    '[(?P<number>]',
    '(?P<number>',
    '',
  ])
    it(`is never ${JSON.stringify(text)}, which could return lines`, () => {
      assert.equal(typeof parseBy(text), 'string');
      assert.equal(refusals({ by: text }).length, 1);
    });
});

describe('a search', () => {
  for (const [search, reason] of [
    [{ sources: ['login'], contents: ['x'] }, /contents/],
    [{ sources: ['failed'], paths: ['/var/log/x'] }, /paths/],
    [{ by: 'account' }, /expected a source for account: login, failed, last/],
    [{ sources: ['text'], by: 'account' }, /account of login/],
    [{ sources: ['login'], by: '(?P<number>\\d+)' }, /a capture/],
    [{ sources: ['login'], by: 'address', options: { accounts: true } }, /expected accounts together with -by account/],
    [{ paths: ['/var/log/../../etc/shadow'] }, /absolute path/],
    [{ paths: ['var/log/x'] }, /absolute path/],
    [{ since: 'yesterday' }, /expected an age/],
    [{ since: '2026-02-30' }, /expected an age/],
    [{ sources: ['login'], fields: ['account'] }, /expected a condition/],
    [{ sources: ['login'], fields: ['account~('] }, /expected \)/],
  ] as const)
    it(`is refused: ${JSON.stringify(search)}`, () => {
      const [found = ''] = refusals(search);
      assert.match(found, reason);
    });

  it('may ask for everything', () => assert.deepEqual(refusals({}), []));
});

describe('a condition on a field', () => {
  for (const [text, expected] of [
    ['account=a=b', { name: 'account', operator: '=', value: 'a=b' }],
    ['account!=', { name: 'account', operator: '!=', value: '' }],
    ['account~^a', { name: 'account', operator: '~', value: '^a' }],
    ['account!~=b', { name: 'account', operator: '!~', value: '=b' }],
  ] as const)
    it(`has a name and a value: ${text}`, () => assert.deepEqual(parseFieldTest(text), expected));
});

describe('the asked time', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  for (const [since, until, from, to] of [
    ['1d', undefined, '2026-02-28T12:00:00.000Z', undefined],
    ['2026-02-01', '2026-02-02', '2026-02-01T00:00:00.000Z', '2026-02-02T23:59:59.999Z'],
    [undefined, '2026-02-02T07:00', undefined, '2026-02-02T07:00:59.999Z'],
  ] as const)
    it(`is from ${since} until ${until}`, () => {
      const { fromMs, toMs } = toWindow(since, until, now);
      assert.deepEqual(
        [fromMs, toMs].map((ms) => (ms === null ? undefined : new Date(ms).toISOString())),
        [from, to],
      );
    });
});
