import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PackageRow } from '../columns.ts';
import { InstalledKernels } from './booted-kernel.ts';

const debian = '#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)';
const ubuntu = '#31-Ubuntu SMP PREEMPT_DYNAMIC';

const dpkg = (name: string, version: string, status: PackageRow['status'] = 'installed'): PackageRow => ({
  name,
  version,
  type: 'dpkg',
  status,
});
const rpm = (name: string, version: string): PackageRow => ({
  name,
  version,
  type: 'rpm',
  arch: 'x86_64',
  status: 'installed',
});

const old = dpkg('linux-image-6.1.0-9-amd64', '6.1.27-1');
const current = dpkg('linux-image-6.1.0-18-amd64', '6.1.76-1');
const cloud = dpkg('linux-image-6.1.0-20-cloud-amd64', '6.1.85-1');

describe('the newest kernel', () => {
  const cases: readonly (readonly [
    title: string,
    release: string,
    version: string,
    rows: readonly PackageRow[],
    unbooted?: string,
  ])[] = [
    ['runs', '6.1.0-18-amd64', debian, [old, current, dpkg('linux-image-amd64', '6.1.76-1')]],
    ['does not run: an older one does', '6.1.0-9-amd64', debian, [current, old], '6.1.76-1'],
    ['does not run: one that is gone does', '6.1.0-9-amd64', debian, [current], '6.1.76-1'],
    [
      'was upgraded under its name',
      '6.1.0-18-amd64',
      debian,
      [dpkg('linux-image-6.1.0-18-amd64', '6.1.76-2')],
      '6.1.76-2',
    ],
    ['of another flavour is no upgrade', '6.1.0-18-amd64', debian, [current, cloud]],
    ['of the flavour of clouds does not run', '6.1.0-18-cloud-amd64', debian, [current, cloud], '6.1.85-1'],
    ['was removed again', '6.1.0-9-amd64', '#1', [old, dpkg('linux-image-6.1.0-18-amd64', '6.1.76-1', 'removed')]],
    ['of Ubuntu runs', '6.8.0-31-generic', ubuntu, [dpkg('linux-image-6.8.0-31-generic', '6.8.0-31.31')]],
    [
      'of Ubuntu does not run',
      '6.8.0-31-generic',
      ubuntu,
      [
        dpkg('linux-image-6.8.0-31-generic', '6.8.0-31.31'),
        dpkg('linux-image-unsigned-6.8.0-100-generic', '6.8.0-100.1'),
      ],
      '6.8.0-100.1',
    ],
    [
      'is none of a package, as in containers',
      '6.1.0-18-amd64',
      debian,
      [dpkg('bash', '5'), dpkg('linux-image-6.1.0-18-amd64-dbg', '7')],
    ],
    [
      'of Red Hat runs',
      '5.14.0-362.8.1.el9_3.x86_64',
      '#1',
      [
        rpm('kernel', '5.14.0-362.8.1.el9_3'),
        rpm('kernel-core', '5.14.0-362.8.1.el9_3'),
        rpm('kernel-core', '5.14.0-70.el9'),
        rpm('kernel-headers', '6.0-1'),
      ],
    ],
    [
      'of Red Hat does not run',
      '5.14.0-70.el9.x86_64',
      '#1',
      [rpm('kernel-core', '5.14.0-362.8.1.el9_3'), rpm('kernel-core', '5.14.0-70.el9')],
      '5.14.0-362.8.1.el9_3',
    ],
    ['of SUSE runs', '5.14.21-150500.55.7-default', '#1', [rpm('kernel-default', '5.14.21-150500.55.7.1')]],
    [
      'of SUSE does not run',
      '5.14.21-150500.53.2-default',
      '#1',
      [rpm('kernel-default', '5.14.21-150500.55.7.1'), rpm('kernel-default', '5.14.21-150500.53.2.1')],
      '5.14.21-150500.55.7.1',
    ],
  ];
  for (const [title, release, version, rows, unbooted] of cases)
    it(title, () => {
      const kernels = new InstalledKernels({ release, version });
      for (const row of rows) kernels.add(row);
      const told = [...kernels.rows()].map((row) => [row.version, row.is, row.process]);
      assert.deepEqual(told, unbooted === undefined ? [] : [[unbooted, 'unbooted', `kernel ${release}`]]);
    });
});
