/** The journal of a host made for the test, beside what journalctl counts. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  askJournalctl,
  type Entry,
  firstRealtime,
  noSystemd,
  writeJournal,
} from '../../../native/journal/testing/journal-files.ts';
import { makeHost, type TestHost } from '../../kit/testing/host.ts';
import { askerOfHost, toShort } from '../testing/host.ts';

const passwd = { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n' };
const folder = '/var/log/journal/0123456789abcdef0123456789abcdef';

const entries: readonly Entry[] = Array.from(
  { length: 300 },
  (_, index): Entry => ({
    realtime: firstRealtime + index * 60_000_000,
    fields: {
      PRIORITY: String(index % 8),
      SYSLOG_IDENTIFIER: ['sshd', 'cron', 'AKIAABCDEFGHIJKLMNOP'][index % 3] ?? '',
      _SYSTEMD_UNIT: index % 3 === 0 ? 'ssh.service' : 'cron.service',
      _UID: String(index % 2),
      _CMDLINE: `mysql -u root -phunter${index}`,
      MESSAGE:
        index % 3 === 0
          ? `Failed password for user${index} from 192.0.2.${index % 5} port ${index}`
          : `job ${index} done`,
    },
  }),
);

function makeJournal(): TestHost {
  const host = makeHost(passwd);
  writeJournal(host.at(folder), entries, { compact: true, keyedHash: true }, 'system');
  return host;
}

describe('the journal', { skip: noSystemd }, () => {
  const host = noSystemd === false ? makeJournal() : makeHost(passwd);
  const { ask, askAll } = askerOfHost(host);
  const sources = ['journal'] as const;

  for (const [name, search, filters] of [
    ['everything', {}, []],
    ['a pattern', { contents: ['Failed password'] }, ['-g', 'Failed password']],
    ['a unit', { units: ['ssh.service'] }, ['_SYSTEMD_UNIT=ssh.service']],
    ['identifiers', { identifiers: ['sshd', 'cron'] }, ['SYSLOG_IDENTIFIER=sshd', 'SYSLOG_IDENTIFIER=cron']],
    ['a priority', { priority: 'err' }, ['-p', 'err']],
    ['a field', { fields: ['_UID=0', 'PRIORITY=1', 'PRIORITY=2'] }, ['_UID=0', 'PRIORITY=1', 'PRIORITY=2']],
    [
      'an identifier and a pattern',
      { identifiers: ['cron'], contents: ['1 done'] },
      ['SYSLOG_IDENTIFIER=cron', '-g', '1 done'],
    ],
    ['a time', { since: '2023-11-15' }, ['--since', '2023-11-15 00:00:00 UTC']],
  ] as const)
    it(`has as many entries of ${name} as journalctl says`, async () => {
      const theirs = askJournalctl(host.at(folder), filters);
      const { hits } = await ask({ ...search, sources: [...sources] } as Parameters<typeof ask>[0]);
      assert.ok(theirs.matched > 0);
      assert.deepEqual(
        [hits[0]?.count, hits[0]?.first, hits[0]?.last],
        [theirs.matched, Math.floor(theirs.firstMs ?? 0), Math.floor(theirs.lastMs ?? 0)],
      );
    });

  it('is counted by fields and captures, without a secret', async () => {
    const answer = await askAll({
      unit: { sources: [...sources], by: 'unit' },
      name: { sources: [...sources], by: 'identifier' },
      rank: { sources: [...sources], by: 'priority', options: { top: 1 } },
      address: { sources: [...sources], by: 'from (?P<address>\\S+) port', options: { top: 2 } },
      account: { sources: [...sources], by: 'password for (?P<account>\\S+) from' },
      exe: { sources: [...sources], by: '_EXE' },
    });
    const { unit = [], name = [], rank = [], address = [], account = [], exe = [] } = answer.elements;
    assert.deepEqual(toShort(unit), ['journal cron.service 200', 'journal ssh.service 100']);
    assert.deepEqual(toShort(name), ['journal <redacted> 100', 'journal cron 100', 'journal sshd 100']);
    assert.deepEqual(toShort(rank), ['journal alert 38', 'journal (7) 262']);
    assert.deepEqual(toShort(address), ['journal 192.0.2.0 20', 'journal 192.0.2.1 20', 'journal (3) 60']);
    assert.deepEqual(toShort(account), ['journal unknown account 100']);
    assert.deepEqual(toShort(exe), ['journal no known path 300']);
    assert.doesNotMatch(JSON.stringify(answer), /hunter|AKIA|user\d|job/);
  });

  it('tells no number that a message calls a secret', async () => {
    const others = makeHost(passwd);
    const messages = ['login password=4711', 'port 22'];
    const written = messages.map((MESSAGE, index) => ({ realtime: firstRealtime + index, fields: { MESSAGE } }));
    writeJournal(others.at(folder), written, { compact: true, keyedHash: true }, 'system');
    const { hits } = await askerOfHost(others).ask({ sources: [...sources], by: '(?P<number>\\d+)' });
    assert.deepEqual(toShort(hits).sort(), ['journal 22 1', 'journal no number 1']);
  });

  it('says how far back it reaches, and of which file', async () => {
    const { errors, receipt } = await ask({ sources: [...sources], since: '2023-01-01' });
    assert.match(errors.join('\n'), /^journal: asked for \d+d\w*, the source begins \d+d\w* ago$/);
    const [source] = (receipt.sources ?? []).filter(({ kind }) => kind === 'journal');
    assert.deepEqual([source?.complete, source?.entries, source?.from], [true, 300, '2023-11-14T22:13:20Z']);
  });

  it('counts an entry once that two files have', async () => {
    const copied = makeJournal();
    mkdirSync(copied.at('/run/log/journal'), { recursive: true });
    cpSync(copied.at(folder), copied.at('/run/log/journal/copy'), { recursive: true });
    const { hits } = await askerOfHost(copied).ask({ sources: [...sources] });
    assert.equal(hits[0]?.count, 300);
  });

  it('that is damaged counts as far as it goes', async () => {
    const damaged = makeHost({ ...passwd, [`${folder}/system.journal`]: 'LPKSHHRH and no more' });
    const { foundanything, receipt } = await askerOfHost(damaged).ask({ sources: [...sources] });
    assert.equal(foundanything, false);
    assert.deepEqual(receipt.skipped, [{ reason: 'read-error', count: 1 }]);
  });

  it('is not read where a rule protects it', async () => {
    const protection = {
      rules: [{ glob: '/**/*.journal', mayRead: true, mayTell: true }],
      contents: [],
      questions: 10,
    };
    const { foundanything, receipt } = await askAll({ s1: { sources: [...sources] } }, undefined, {}, protection);
    assert.equal(foundanything, false);
    assert.deepEqual(receipt.skipped, [{ reason: 'protected', count: 1 }]);
    assert.equal(receipt.protectedquestions, 0);
  });
});

it('a host without a journal says so', async () => {
  const { errors } = await askerOfHost(makeHost(passwd)).ask({ sources: ['journal'] });
  assert.deepEqual(errors, ['journal: this machine keeps none']);
});
