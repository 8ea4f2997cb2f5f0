/** The systemd unit: open for the needs of the modules, closed otherwise. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BakedEnvironment } from '../protocol/environment/environment.ts';
import type { Need } from '../protocol/environment/need.ts';
import { serviceName, toUnit } from './systemd-unit.ts';

function environmentWith(needs: readonly Need[]): BakedEnvironment {
  return BakedEnvironment.parse({
    name: 'production',
    relay: { url: 'amqps://mig-agent:s3cret@relay.example.org/', ca: null, clientCertificate: null, proxies: [] },
    investigators: [{ name: 'alice', keys: [{ fingerprint: 'A'.repeat(40), armored: '' }] }],
    acl: {},
    tags: {},
    limits: {},
    modules: ['file'],
    needs,
    heartbeatSeconds: 60,
  });
}

function settingOf(unit: string, key: string): string | undefined {
  return new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1];
}

const cases: readonly (readonly [needs: readonly Need[], capabilities: string, namespaces: string])[] = [
  [['files'], 'CAP_DAC_READ_SEARCH', 'yes'],
  [['files', 'processes', 'mapped-files'], 'CAP_DAC_READ_SEARCH CAP_SYS_PTRACE', 'yes'],
  [
    ['files', 'processes', 'kernel-tables', 'network-namespaces'],
    'CAP_DAC_READ_SEARCH CAP_SYS_ADMIN CAP_SYS_PTRACE',
    'net',
  ],
];

for (const [needs, capabilities, namespaces] of cases)
  test(`${needs.join(' and ')}: ${capabilities}, and no others`, () => {
    const unit = toUnit(environmentWith(needs), '/usr/local/sbin/mig-agent-production');
    assert.equal(settingOf(unit, 'CapabilityBoundingSet'), capabilities);
    assert.equal(settingOf(unit, 'RestrictNamespaces'), namespaces);
  });

test('the unit leaves memory for processes that unpack, where a module has them', () => {
  const memoryOf = (needs: readonly Need[]): number => {
    const unit = toUnit(environmentWith(needs), '/usr/local/sbin/mig-agent-production');
    return Number.parseInt(settingOf(unit, 'MemoryMax') ?? '', 10);
  };
  assert.equal(memoryOf(['files']), 384 + 512 * 3);
  // 144 for each of two threads of two modules.
  assert.equal(memoryOf(['files', 'unpackers']), 384 + 512 * 3 + 144 * 4);
});

test('the unit holds no secret and hides no place where an intruder may be', () => {
  const unit = toUnit(environmentWith(['files']), '/usr/local/sbin/mig-agent-production');
  assert.ok(!unit.includes('s3cret'));
  for (const key of ['PrivateTmp', 'PrivateDevices', 'ProtectKernelModules', 'ProtectProc', 'ProtectHostname'])
    assert.equal(settingOf(unit, key), undefined, key);
  assert.equal(settingOf(unit, 'ProtectHome'), 'read-only');
});

test('the clock is closed unless a module asks what the kernel knows of it', () => {
  for (const [needs, isClosed] of [
    [['files'], true],
    [['clock'], false],
  ] as const) {
    const unit = toUnit(environmentWith(needs), '/bin/true');
    assert.equal(settingOf(unit, 'ProtectClock'), isClosed ? 'yes' : 'no');
    assert.equal(/^SystemCallFilter=adjtimex$/m.test(unit), !isClosed);
    assert.doesNotMatch(unit, /CAP_SYS_TIME/);
  }
});

test('systemd understands every line of the unit', (context) => {
  if (spawnSync('systemd-analyze', ['--version']).status !== 0) {
    process.stderr.write('SKIPPED: systemd-analyze is not installed, the unit was NOT checked by systemd\n');
    return context.skip('systemd-analyze is not installed');
  }
  const folder = mkdtempSync(join(tmpdir(), 'mig-unit-'));
  try {
    const file = join(folder, `${serviceName('production')}.service`);
    writeFileSync(file, toUnit(environmentWith(['files', 'network-namespaces', 'clock']), '/bin/true'));
    const { stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    assert.deepEqual(
      stderr.split('\n').filter((line) => line.includes('mig-agent-production')),
      [],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
