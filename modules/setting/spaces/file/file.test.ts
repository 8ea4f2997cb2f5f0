/** `file:` and `plist:` from the files of a host to verdicts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Protection } from '../../../kit/gate.ts';
import { askerOf } from '../../../kit/testing/ask.ts';
import { makeHost } from '../../../kit/testing/host.ts';
import { module } from '../../module.ts';
import { runBelow } from '../../run.ts';

const host = makeHost({
  '/etc/docker/daemon.json':
    '{"live-restore": true, "log-opts": {"max-size": "10m"}, "hosts": ["fd://", "tcp://0.0.0.0"]}',
  '/etc/app.toml': 'password = "hunter2"\nworkers = 16\n',
  '/etc/default/grub': 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="quiet $EXTRA"\n',
  '/srv/shadow.ini': 'root:$6$salt$hash:20000:0:99999:7:::\n',
  '/srv/key.ini': '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl=\n',
  '/srv/hidden.json': '{"a": 1}',
  '/Library/x.plist': '<plist version="1.0"><dict><key>Guest</key><false/></dict></plist>',
});
const { ask, askAll } = askerOf(module, runBelow(host.root));

async function judge(setting: string) {
  const [hit] = (await ask({ settings: [setting], options: { verdicts: true } })).hits;
  return [hit?.holds, hit?.why];
}

describe('file: and plist:', () => {
  for (const [setting, holds, why] of [
    ['file:/etc/docker/daemon.json#live-restore = true', 'yes'],
    ['file:/etc/docker/daemon.json#log-opts.max-size = 10m', 'yes'],
    ['file:/etc/docker/daemon.json#hosts ~ ^tcp', 'yes'],
    ['file:/etc/docker/daemon.json#icc unset', 'yes'],
    ['file:/etc/docker/daemon.json#hosts[0] = fd://', 'yes'],
    ['file(yaml):/etc/docker/daemon.json#live-restore = true', 'yes'],
    ['file:/etc/app.toml#workers <= 9', 'no'],
    ['file:/etc/none.toml#workers set', 'no'],
    ['file:/etc/default/grub#GRUB_TIMEOUT >= 5', 'yes'],
    ['file:/etc/default/grub#GRUB_CMDLINE_LINUX ~ quiet', 'unknown', 'undecided'],
    ['file(json):/etc/app.toml#workers = 16', 'unknown', 'read-error'],
    ['file:/srv/shadow.ini#root ~ 6', 'unknown', 'protected'],
    ['file:/srv/key.ini#b3Bl set', 'unknown', 'protected'],
    ['plist:/Library/x.plist#Guest = false', 'yes'],
  ] as const)
    it(`${setting}: ${holds}`, async () => assert.deepEqual(await judge(setting), [holds, why]));

  it('tell no value, but where it is', async () => {
    const answer = await ask({ settings: ['file:/etc/app.toml#password = hunter2'] });
    assert.deepEqual(answer.hits, [
      { key: 'file:/etc/app.toml#password', holds: 'yes', from: { path: host.at('/etc/app.toml') } },
    ]);
    assert.equal(JSON.stringify(answer).split('hunter2').length, 1);
  });

  it('take a question each where the file is protected, and none where it may not be read', async () => {
    const protection = (mayRead: boolean, mayTell: boolean, questions: number): Protection => ({
      rules: [{ glob: `${host.root}/srv/hidden.json`, mayRead, mayTell }],
      contents: [],
      questions,
    });
    const settings = ['file:/srv/hidden.json#a = 1', 'file:/srv/hidden.json#a != 2'];
    const answer = (rules: Protection) => askAll({ s1: { settings } }, undefined, undefined, rules);
    assert.equal((await answer(protection(true, true, 10))).receipt.protectedquestions, 2);
    assert.equal((await answer(protection(true, true, 1))).hits.length, 0);
    for (const rules of [protection(false, true, 10), protection(false, false, 10)]) {
      const { hits, receipt } = await answer(rules);
      assert.deepEqual([hits.length, receipt.protectedquestions], [0, 0]);
    }
  });
});
