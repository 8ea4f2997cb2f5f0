/**
 * `npm run test:images`: installs the agent's packages into minimal Debian systems and runs it there, and in a folder with
 * only glibc. It takes minutes, and needs root and debootstrap, so it is not part of `npm test`.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Finished } from '../tools/lab/child.ts';
import { toPerson } from '../tools/lab/investigator-key.ts';
import { Lab } from '../tools/lab/lab.ts';
import { provideRoot, whyNoRoots } from './debian-root.ts';

const fleet = 'images';
const suites = ['bookworm', 'bullseye'];
const question = JSON.stringify({ searches: { s: { paths: ['/etc'], names: ['^passwd$'], options: {} } } });

const reason = whyNoRoots();
if (reason !== null) process.stderr.write(`SKIPPED: ${reason}; the packages were NOT tried in any image\n`);

describe('in images', { skip: reason !== null }, () => {
  let lab: Lab;
  let folder: string;
  const service = `mig-agent-${fleet}`;

  before(async () => {
    lab = new Lab();
    const alice = await lab.makeInvestigator('alice');
    const relay = await lab.startRelay();
    const person = toPerson(alice);
    const environment = {
      relay: lab.relayConfig(relay.address),
      investigators: { alice: person },
      acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
      modules: ['file', 'netstat'],
    };
    folder = dirname(await lab.buildAgent(fleet, environment, { packages: true }));
  });
  after(() => lab?.close());

  function findPackage(suffix: string): string {
    const name = readdirSync(folder).find((file) => file.endsWith(suffix));
    assert.ok(name !== undefined, `expected a package *${suffix}`);
    return join(folder, name);
  }

  /** In mount and process namespaces of its own, so that nothing stays mounted or running. */
  function inside(root: string, script: string, input = ''): Promise<Finished> {
    const entering = `mount -t proc proc ${root}/proc && exec chroot ${root} /bin/sh -c "$0"`;
    const args = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', entering, script];
    return lab.run('unshare', args, input);
  }

  for (const suite of suites)
    test(`the .deb installs, runs, answers and goes away on minimal Debian ${suite}`, async (context) => {
      const root = provideRoot(suite);
      if (root === null) {
        process.stderr.write(`SKIPPED: the mirror has no ${suite}; it was NOT tried there\n`);
        return context.skip(`no ${suite}`);
      }
      copyFileSync(findPackage('.deb'), join(root, 'agent.deb'));
      const run = async (script: string, input?: string): Promise<string> => {
        const { code, stdout, stderr } = await inside(root, script, input);
        assert.equal(code, 0, `${script}: ${stdout}${stderr}`);
        return stdout;
      };
      await run(`dpkg --purge ${service} >/dev/null 2>&1; apt-get install -y --no-install-recommends ./agent.deb 2>&1`);
      const wanted = join(root, 'etc/systemd/system/multi-user.target.wants', `${service}.service`);
      assert.equal(readlinkSync(wanted), `/usr/lib/systemd/system/${service}.service`);
      assert.match(await run(`${service} run file`, question), /"foundanything": true/);
      await run(`${service} checkin`);
      assert.match(await run(`${service} audit --verify 2>&1`), /chain of 1 entry holds/);
      await run(`dpkg --remove ${service} 2>&1`);
      assert.ok(!existsSync(wanted));
      assert.ok(existsSync(join(root, 'var/lib/mig-agent', fleet)), 'the audit log outlives the package');
      await run(`dpkg --purge ${service} 2>&1`);
      assert.ok(!existsSync(join(root, 'var/lib/mig-agent', fleet)));
    });

  test('the executable runs in a folder that holds nothing but glibc, libstdc++ and libgcc', async () => {
    const root = lab.path('bare');
    for (const path of ['dev', 'etc', 'proc', 'tmp']) mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, 'etc/passwd'), '');
    execFileSync('mknod', ['-m', '666', join(root, 'dev/null'), 'c', '1', '3']);
    const executable = join(folder, 'mig-agent-linux-x64');
    copyFileSync(executable, join(root, 'mig-agent'));
    const libraries = execFileSync('ldd', [executable], { encoding: 'utf8' }).match(/\/\S+(?= \()/g) ?? [];
    assert.ok(libraries.length > 5, 'the libraries of the executable');
    for (const library of libraries) {
      mkdirSync(join(root, dirname(library)), { recursive: true });
      copyFileSync(library, join(root, library));
    }
    const entering = `mount -t proc proc ${root}/proc && exec chroot ${root} /mig-agent run file`;
    const { code, stdout, stderr } = await lab.run('unshare', ['--mount', 'sh', '-c', entering], question);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /"foundanything": true/);
  });
});
