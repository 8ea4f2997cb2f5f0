/** `login:`, `pam:` and `systemd:`: which of several files and lines counts. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { askerOf } from '../../kit/testing/ask.ts';
import { makeHost } from '../../kit/testing/host.ts';
import { module } from '../module.ts';
import { runBelow } from '../run.ts';

const files = {
  '/etc/login.defs':
    '# PASS_MAX_DAYS 1\nPASS_MAX_DAYS\t99999\nPASS_MAX_DAYS 365\nENCRYPT_METHOD "YESCRYPT"\nUMASK 027\n',
  '/etc/security/pwquality.conf': 'minlen = 8 # late\nenforce_for_root\n',
  '/etc/security/pwquality.conf.d/10.conf': 'minlen = 14\nminclass=4\n',
  '/etc/security/pwquality.conf.d/20.conf': 'minclass=3\n',
  '/etc/security/pwquality.conf.d/readme': 'minclass=9\n',
  '/etc/security/faillock.conf': 'deny = 3\n# unlock_time = 9\neven_deny_root\n',
  '/etc/pam.d/sshd': [
    '# auth required pam_none.so',
    'auth [success=1  default=ignore] pam_unix.so \\',
    '  nullok',
    '@include common-auth',
    '-auth optional pam_gone.so',
    'AUTH substack more',
    'account required pam_nologin.so # auth required pam_none.so',
  ].join('\n'),
  '/etc/pam.d/common-auth': 'auth requisite pam_deny.so\naccount required pam_unix.so\n',
  '/usr/lib/pam.d/more': 'auth required pam_faillock.so preauth\n',
  '/etc/pam.d/broken': 'auth include nothing\n',
  '/etc/pam.d/other': 'auth required pam_warn.so\n',
  '/etc/systemd/journald.conf': '[Journal]\nStorage=auto\nCompress=yes\n#Seal=yes\n',
  '/usr/lib/systemd/journald.conf': '[Journal]\nSeal=no\n',
  '/usr/lib/systemd/journald.conf.d/50-a.conf': '[Journal]\nStorage=volatile\n',
  '/etc/systemd/journald.conf.d/50-a.conf': '[Journal]\nStorage=persistent\n',
  '/usr/lib/systemd/journald.conf.d/40-b.conf': '[Journal]\nStorage=none\nSystemMaxUse=1G\n',
  '/run/systemd/journald.conf.d/60-c.conf': '[Journal]\nCompress=no\n',
  '/etc/systemd/journald.conf.d/70-d.conf': '[Journal]\nSystemMaxUse=\n',
  '/usr/lib/systemd/system/a.service':
    '[Unit]\nAfter=b.target\n[Service]\nUser=root\nProtectHome=no\nExecStart=/bin/a\n',
  '/etc/systemd/system/a.service.d/x.conf':
    '[Service]\nUser=nobody\nExecStart=\nExecStart=/bin/b -c\n[Unit]\nAfter=c.target\n',
  '/usr/lib/systemd/system/service.d/y.conf': '[Service]\nProtectHome=yes\n',
  '/run/systemd/system/a.service.d/z.conf': '[Service]\nUser=daemon\n',
  '/usr/lib/systemd/system/gone.service': '[Service]\nExecStart=/bin/a\n',
  '/etc/systemd/system/gone.service': '',
};
const host = makeHost(files);
const { ask } = askerOf(module, runBelow(host.root));

async function judge(setting: string, when: 'now' | 'boot' = 'now') {
  const [hit] = (await ask({ settings: [setting], when, options: { verdicts: true } })).hits;
  return {
    holds: hit?.holds,
    from: hit?.from === undefined ? undefined : `${hit.from.path.slice(host.root.length)}:${hit.from.line}`,
  };
}

describe('of several files and lines', () => {
  for (const [setting, holds, from] of [
    ['login:PASS_MAX_DAYS = 365', 'yes', '/etc/login.defs:3'],
    ['login:ENCRYPT_METHOD = YESCRYPT', 'yes', '/etc/login.defs:4'],
    ['login:UMASK = 027', 'yes', '/etc/login.defs:5'],
    ['login:PASS_MIN_DAYS >= 1', 'unknown'],
    ['login:PASS_MIN_DAYS unset', 'yes'],
    ['login:pwquality.minlen = 8', 'yes', '/etc/security/pwquality.conf:1'],
    ['login:pwquality.minclass = 3', 'yes', '/etc/security/pwquality.conf.d/20.conf:1'],
    ['login:pwquality.enforce_for_root set', 'yes', '/etc/security/pwquality.conf:2'],
    ['login:faillock.deny <= 5', 'yes', '/etc/security/faillock.conf:1'],
    ['login:faillock.unlock_time unset', 'yes'],
    ['pam:sshd#auth = [success=1 default=ignore] pam_unix.so nullok', 'yes', '/etc/pam.d/sshd:2'],
    ['pam:sshd#auth ~ pam_faillock', 'yes', '/etc/pam.d/sshd:2'],
    ['pam:sshd#auth = requisite pam_deny.so', 'yes', '/etc/pam.d/sshd:2'],
    ['pam:sshd#auth ~ pam_none', 'no', '/etc/pam.d/sshd:2'],
    ['pam:sshd#account = required pam_nologin.so', 'yes', '/etc/pam.d/common-auth:2'],
    ['pam:sshd#session unset', 'yes'],
    ['pam:broken#auth ~ x', 'unknown'],
    ['pam:none#auth ~ pam_warn', 'yes', '/etc/pam.d/other:1'],
    ['systemd:journald.conf#Storage = persistent', 'yes', '/etc/systemd/journald.conf.d/50-a.conf:2'],
    ['systemd:journald.conf#Journal.Compress = no', 'yes', '/run/systemd/journald.conf.d/60-c.conf:2'],
    ['systemd:journald.conf#SystemMaxUse unset', 'yes'],
    ['systemd:journald.conf#Seal unset', 'yes'],
    ['systemd:a.service#User = daemon', 'yes', '/run/systemd/system/a.service.d/z.conf:2'],
    ['systemd:a.service#ProtectHome = yes', 'yes', '/usr/lib/systemd/system/service.d/y.conf:2'],
    ['systemd:a.service#ExecStart = /bin/b -c', 'yes', '/etc/systemd/system/a.service.d/x.conf:4'],
    ['systemd:a.service#ExecStart = /bin/a', 'no', '/etc/systemd/system/a.service.d/x.conf:4'],
    ['systemd:a.service#Unit.After = b.target', 'yes', '/etc/systemd/system/a.service.d/x.conf:6'],
    ['systemd:a.service#NoNewPrivileges = yes', 'unknown'],
    ['systemd:gone.service#User = root', 'inapplicable'],
    ['systemd:none.service#User = root', 'inapplicable'],
  ] as const)
    it(`${setting}: ${holds}`, async () => assert.deepEqual(await judge(setting), { holds, from }));

  it('those below /run are gone after a reboot', async () => {
    for (const setting of ['systemd:journald.conf#Compress = yes', 'systemd:a.service#User = nobody'])
      assert.equal((await judge(setting, 'boot')).holds, 'yes', setting);
  });
});

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;
if (!hasAnalyze)
  process.stderr.write('SKIPPED: systemd-analyze is not installed, the order of drop-ins was NOT compared\n');

it('the files of a manager are those of systemd-analyze cat-config', { skip: !hasAnalyze }, async () => {
  const { stdout } = spawnSync('systemd-analyze', [`--root=${host.root}`, 'cat-config', 'systemd/journald.conf'], {
    encoding: 'utf8',
  });
  const theirs = [...stdout.matchAll(/^# (\/\S+)$/gm)].map(([, path = '']) => path.replace(host.root, ''));
  const { receipt } = await ask({ settings: ['systemd:journald.conf#Storage = x'], options: { verdicts: true } });
  const ours = [...new Set(receipt.sources?.map(({ path = '' }) => path.slice(host.root.length)))];
  // After a reboot those of /run are left out.
  assert.deepEqual(ours, theirs);
});
