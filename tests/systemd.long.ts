/**
 * `npm run test:systemd`: the agent's package in running Debian systems, under their own systemd. Confined by its unit, the
 * agent starts with the system, answers, is upgraded and removed. It takes minutes, and needs root, debootstrap and
 * systemd-nspawn, so it is not part of `npm test`.
 */
import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as z from 'zod';
import { moduleNames } from '../modules/registry.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { toPerson } from '../tools/lab/investigator-key.ts';
import { Lab } from '../tools/lab/lab.ts';
import { BootedSystem } from './booted-system.ts';
import { provideRoot, whyNoRoots } from './debian-root.ts';

const fleet = 'booted';
const service = `mig-agent-${fleet}`;
const builds = ['first', 'second'] as const;
const listenerPort = 4711;
/** What `mig agents` says. */
const Agents = z.object({ agents: z.array(z.object({ id: z.string(), tags: z.record(z.string(), z.string()) })) });

/**
 * A process of another user, with a text in its memory that its program file does not have, and a port in a network
 * namespace of its own.
 */
const intruder = `use IO::Socket::INET;
our $text = join('-', 'held', 'in', 'memory') x 3;
our $socket = IO::Socket::INET->new(Listen => 1, LocalAddr => '0.0.0.0', LocalPort => ${listenerPort}) or die;
sleep 1 while 1;
`;

/** A key that lets in. */
const publicKey = `ssh-ed25519 ${Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from('ssh-ed25519'),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32, 7),
]).toString('base64')}`;

/** The first two words of a line. */
function toPair(line: string): readonly [string, string] {
  const [first = '', second = ''] = line.trim().split(/\s+/);
  return [first, second];
}

const reason = whyNoRoots() ?? BootedSystem.whyNot();
if (reason !== null) process.stderr.write(`SKIPPED: ${reason}; the unit was NOT run by any systemd\n`);

let lab: Lab;
let env: Record<string, string>;

before(async () => {
  if (reason !== null) return;
  lab = new Lab();
  const alice = await lab.makeInvestigator('alice');
  const { address } = await lab.startRelay();
  for (const build of builds) {
    const environment = {
      relay: lab.relayConfig(address),
      investigators: { alice: toPerson(alice) },
      acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
      tags: { build },
      modules: [...moduleNames],
      heartbeatSeconds: 1,
    };
    const folder = dirname(await lab.buildAgent(fleet, environment, { packages: true }));
    const name = readdirSync(folder).find((file) => file.endsWith('.deb')) ?? '';
    copyFileSync(join(folder, name), lab.path(`${build}.deb`));
    copyFileSync(join(folder, 'mig-agent-linux-x64'), lab.path(build));
  }
  env = lab.migEnvironment(address, fleet, alice);
});
after(() => lab?.close());

for (const suite of ['bookworm']) {
  const made = reason === null ? provideRoot(suite, ['systemd-sysv', 'dbus']) : null;
  if (reason === null && made === null)
    process.stderr.write(`SKIPPED: the mirror has no ${suite}; the unit was NOT run there\n`);

  describe(`a running Debian ${suite}`, { skip: made === null }, () => {
    const target = `environment->>'ident' LIKE '%${suite}%' AND status = 'online'`;
    let system: BootedSystem | undefined;

    before(async () => {
      assert.ok(made !== null);
      const root = lab.path(suite);
      assert.equal((await lab.run('cp', ['--archive', '--reflink=auto', made, root])).code, 0);
      for (const build of builds)
        for (const file of [build, `${build}.deb`]) copyFileSync(lab.path(file), join(root, 'srv', file));
      writeFileSync(join(root, 'srv', 'intruder.pl'), intruder);
      const { code, stdout, stderr } = await BootedSystem.prepare(root, 'apt-get', 'install', '-y', '/srv/first.deb');
      assert.equal(code, 0, stdout + stderr);
      system = await BootedSystem.start(root);
    });
    after(() => system?.stop());

    /** Runs a line of shell, which must end with 0. */
    async function run(line: string): Promise<string> {
      assert.ok(system !== undefined);
      const { code, stdout, stderr } = await system.run(line);
      assert.equal(code, 0, `${line}: ${stdout}${stderr}`);
      return stdout;
    }

    async function findAgents(): Promise<readonly { readonly id: string; readonly tags: Record<string, string> }[]> {
      const { stdout } = await lab.mig(['agents', '-t', target, '-f', 'json'], env);
      return Agents.parse(JSON.parse(stdout)).agents;
    }

    test('the agent that was installed into its image starts with it', async () => {
      await lab.waitForAgents(1, env, target);
      const status = await run(`${service} status`);
      assert.match(status, new RegExp(`^service +${service}: active$`, 'm'));
      assert.match(status, new RegExp(`^executable +/usr/sbin/${service}: this very one$`, 'm'));
    });

    test('closed in by its unit, every module finds what belongs to another user and is in unusual places', async () => {
      const places = ['/tmp/evidence', '/home/eve/evidence', '/dev/shm/evidence', '/lib/modules/evidence'];
      await run('mkdir -p /home/eve /lib/modules; mv /srv/intruder.pl /home/eve');
      for (const place of places) await run(`echo indicator >${place}; chmod 600 ${place}; chown nobody ${place}`);
      await run('echo eve:x:4242:4242::/home/eve:/bin/sh >>/etc/passwd; mkdir /home/eve/.ssh');
      await run(`echo '${publicKey} x' >/home/eve/.ssh/authorized_keys`);
      await run('echo kernel.evidence=7 >/etc/sysctl.d/evidence.conf');
      await run("mkdir -p /etc/cron.d; echo '@daily nobody /bin/true' >/etc/cron.d/evidence");
      await run('mkdir -p /home/eve/.config/systemd/user');
      await run("printf '[Service]\\nExecStart=/bin/true\\n' >/home/eve/.config/systemd/user/evidence.service");
      await run('chown nobody /home/eve /home/eve/*; chmod -R go= /home/eve');
      await run('systemd-run --unit=intruder -p User=nobody -p PrivateNetwork=yes perl /home/eve/intruder.pl');
      const pid = (await run('systemctl show --property=MainPID --value intruder')).trim();
      const folders = places.flatMap((place) => ['-path', dirname(place)]);
      const questions: readonly (readonly [args: readonly string[], shows: readonly string[]])[] = [
        [['file', ...folders, '-name', '^evidence$', '-content', '^indicator$'], places],
        [
          ['process', '-cmd', 'intruder\\.pl$'],
          [` ${pid} perl `, 'user:nobody'],
        ],
        [['memory', '-name', '^perl$', '-content', 'held-in-memoryheld-in'], [` ${pid} perl `]],
        [['netstat', '-lp', String(listenerPort), '-namespaces'], [`process:${pid} perl (nobody)`]],
        [
          ['account', '-entry', 'key', '-name', '^eve$'],
          ['keytype:ssh-ed25519', 'path:/home/eve/.ssh/authorized_keys'],
        ],
        [
          ['startup', '-state', 'stray', '-owned', 'none'],
          [
            'service intruder.service [state:transient running stray, trigger:event, user:nobody',
            'target:/home/eve/intruder.pl',
            'owned:none',
          ],
        ],
        [
          ['startup', '-kind', 'cron', '-owned', 'none'],
          ['cron evidence [state:enabled', 'user:nobody', 'path:/etc/cron.d/evidence'],
        ],
        [
          ['startup', '-user', '^eve$', '-kind', 'service'],
          ['service evidence.service [state:static', 'path:/home/eve/.config/systemd/user/evidence.service'],
        ],
        [
          [
            'setting',
            ...['clock:maxerror set', 'mount:/', 'sysctl:kernel.evidence unset', 'cmdline:*'].flatMap((one) => [
              '-setting',
              one,
            ]),
          ],
          [
            'clock:maxerror [now:',
            'mount:/ [now:',
            'sysctl:kernel.evidence [now:(unset), boot:7, from:/etc/sysctl.d/evidence.conf:1]',
          ],
        ],
      ];
      for (const [[module = '', ...flags], shows] of questions) {
        const { code, stdout, stderr } = await lab.mig([module, '-t', target, ...flags], env);
        assert.equal(code, 0, `${module}: ${stdout}${stderr}`);
        for (const text of shows) assert.ok(stdout.includes(text), `${module} ${text}: ${stdout}${stderr}`);
      }
    });

    test('closed in by its unit, it tells the states of units as systemctl does, and is answered fully', async () => {
      const types = ['service', 'timer', 'socket', 'path', 'mount', 'target'].flatMap((kind) => ['-kind', kind]);
      const question = ['startup', '-t', target, ...types, '-path', '!/systemd/user/'];
      const { stdout, stderr } = await lab.mig(question, env);
      assert.match(stderr, /answered: 1 fully/);
      const told = [...stdout.matchAll(/^\S+ \w+ (\S+) \[state:([a-z-]+)/gm)];
      const ours = new Map(told.map(([, name = '', state = '']) => [name, state]));
      const listed = await run('systemctl list-unit-files --no-legend --no-pager --full');
      const theirs = new Map(listed.split('\n').flatMap((line) => (line === '' ? [] : [toPair(line)])));
      assert.ok(theirs.size > 100, listed);
      // Instances of templates, and units of which no file is left, are in no list of files.
      for (const name of ours.keys())
        if (!theirs.has(name)) theirs.set(name, (await run(`systemctl is-enabled '${name}' 2>&1 || true`)).trim());
      assert.deepEqual([...ours].sort(), [...theirs].sort());
      const running = await run('systemctl list-units --type=service --state=running --plain --no-legend --no-pager');
      for (const line of running.trimEnd().split('\n')) {
        const [name] = toPair(line);
        assert.match(stdout, new RegExp(` ${name.replaceAll('.', '\\.')} \\[state:[a-z-]+ running`), name);
      }
    });

    test('it holds the capabilities of its modules alone, writes nowhere else, and starts again when it was killed', async () => {
      const pid = (await run(`systemctl show --property=MainPID --value ${service}`)).trim();
      const status = await run(`cat /proc/${pid}/status`);
      assert.match(status, /^CapPrm:\s+0{8}00280004$/m);
      assert.match(status, /^CapBnd:\s+0{8}00280004$/m);
      assert.match(status, /^NoNewPrivs:\s+1$/m);
      assert.match(status, /^Seccomp:\s+2$/m);
      const mounts = await run(`cat /proc/${pid}/mounts`);
      assert.match(mounts, / \/ \S+ ro[, ]/);
      assert.match(mounts, new RegExp(` /var/lib/(?:private/)?mig-agent/${fleet} \\S+ rw[, ]`));
      const exposure = await run(`systemd-analyze security --no-pager ${service}.service | tail -1`);
      process.stderr.write(`${suite}: ${exposure}`);
      const [, level = ''] = /exposure level .*: (\d\.\d) /.exec(exposure) ?? [];
      assert.ok(Number(level) > 0 && Number(level) < 4, exposure);
      await run(`systemctl kill --signal=KILL ${service}`);
      await eventually(async () => (await run(`systemctl show --property=NRestarts --value ${service}`)) === '1\n');
      await eventually(async () => (await run(`systemctl is-active ${service} || true`)) === 'active\n');
    });

    test('the next package takes its place: what runs finishes and is answered, and it is the same agent', async () => {
      await lab.waitForAgents(1, env, target);
      const [before] = await findAgents();
      assert.equal(before?.tags.build, 'first');
      // A sparse file: it takes time to read, but no space.
      await run('mkdir /srv/long; truncate -s 2G /srv/long/large');
      await run('dpkg --unpack /srv/second.deb');
      const asking = lab.mig(['file', '-t', target, '-path', '/srv/long', '-sha2', 'a'.repeat(64)], env);
      const readLast = async () => (await run(`${service} audit`)).trimEnd().split('\n').at(-1) ?? '';
      await eventually(async () => / accepted /.test(await readLast()));
      await run(`dpkg --configure ${service}`);
      const { stderr } = await asking;
      assert.match(stderr, /^1 sent, 1 done, 1 succeeded$/m);
      await eventually(async () => (await findAgents()).some(({ tags }) => tags.build === 'second'));
      assert.deepEqual(
        (await findAgents()).map(({ id }) => id),
        [before.id],
      );
      const log = await run(`${service} audit --verify 2>&1`);
      assert.match(log, /chain of \d+ entr(?:y|ies) holds/);
      assert.match(log, / reported [^\n]*, nothing found, [^\n]*\n\d+ \S+ started /, 'the answer, then the new one');
    });

    test('apt takes another configuration for another package, and removes what it put there', async () => {
      await run(`dpkg --install /srv/first.deb && apt-get install -y --allow-downgrades /srv/second.deb`);
      assert.match(await run(`${service} config`), /"build": "second"/);
      await run(`apt-get remove -y ${service}`);
      assert.equal((await run(`systemctl is-active ${service} || true`)).trim(), 'inactive');
      await run(`test -d /var/lib/mig-agent/${fleet}`);
      await run(`apt-get purge -y ${service} && test ! -e /var/lib/mig-agent/${fleet}`);
    });

    test('the executable installs itself, a package replaces that, and neither leaves anything running', async () => {
      assert.match(await run('/srv/first install'), /^started$/m);
      assert.match(await run(`${service} status`), new RegExp(`^executable +/usr/local/sbin/${service}: this`, 'm'));
      await run('/srv/first uninstall');
      assert.equal((await run(`systemctl is-active ${service} || true`)).trim(), 'inactive');
      await run('/srv/first install && apt-get install -y /srv/second.deb');
      assert.match(await run(`${service} status`), new RegExp(`^executable +/usr/sbin/${service}: this`, 'm'));
      const pid = (await run(`systemctl show --property=MainPID --value ${service}`)).trim();
      assert.equal((await run(`readlink /proc/${pid}/exe`)).trim(), `/usr/sbin/${service}`);
      await run(`apt-get purge -y ${service}`);
      assert.equal(await run(`systemctl list-units --plain --no-legend '${service}*'`), '');
    });
  });
}
