/** Files for operators that cannot be run in a test: the programs that would run them check them. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { runProgram } from '../tools/lab/child.ts';
import { projectRoot } from '../tools/lab/lab.ts';

const packaged = join(projectRoot, 'packaging', 'server');

async function isThere(command: string, ...args: readonly string[]): Promise<boolean> {
  const found = await runProgram(command, args).catch(() => null);
  if (found?.code === 0) return true;
  process.stderr.write(`SKIPPED: what ${[command, ...args].join(' ')} would check: it does not work here\n`);
  return false;
}

it('Docker Compose takes compose.yaml', async (t) => {
  if (!(await isThere('docker-compose', 'version'))) return t.skip('no docker-compose');
  const env = { ...process.env, POSTGRES_PASSWORD: 'one', MIG_SERVER_PASSWORD: 'two', MIG_AGENT_PASSWORD: 'three' };
  const { code, stdout, stderr } = await runProgram(
    'docker-compose',
    ['-f', join(packaged, 'compose.yaml'), 'config'],
    {
      env,
    },
  );
  assert.equal(code, 0, stderr);
  assert.match(stdout, /MIG_AMQP_URL: amqps:\/\/mig-server:two@rabbitmq:5671\/mig/);
});

it('Docker Compose says which password is missing', async (t) => {
  if (!(await isThere('docker-compose', 'version'))) return t.skip('no docker-compose');
  const { code, stderr } = await runProgram('docker-compose', ['-f', join(packaged, 'compose.yaml'), 'config'], {
    env: { PATH: process.env.PATH, MIG_SERVER_PASSWORD: 'two', MIG_AGENT_PASSWORD: 'three' },
  });
  assert.notEqual(code, 0);
  assert.match(stderr, /POSTGRES_PASSWORD/);
});

it('systemd finds nothing wrong with the unit of the relay', async (t) => {
  if (!(await isThere('systemd-analyze', '--version'))) return t.skip('no systemd-analyze');
  const folder = mkdtempSync(join(tmpdir(), 'mig-unit-'));
  try {
    // The program of the unit is not installed here.
    const unit = readFileSync(join(packaged, 'mig-server.service'), 'utf8').replace(
      '/opt/mig/dist/bin/mig-server',
      '/bin/true',
    );
    writeFileSync(join(folder, 'mig-server.service'), unit);
    mkdirSync(join(folder, 'mig-server.service.d'));
    copyFileSync(join(packaged, 'tls.conf'), join(folder, 'mig-server.service.d', 'tls.conf'));
    const { stdout, stderr } = await runProgram('systemd-analyze', [
      'verify',
      '--man=no',
      join(folder, 'mig-server.service'),
    ]);
    assert.deepEqual([stdout, stderr], ['', '']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
