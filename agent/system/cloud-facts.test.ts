import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCloudFacts } from './cloud-facts.ts';

const firmware = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [`/sys/class/dmi/id/${name}`, `${text}\n`]));
const cloudInit = (value: unknown): Record<string, string> => ({
  '/run/cloud-init/instance-data.json': typeof value === 'string' ? value : JSON.stringify(value),
});

describe('a host knows of its cloud', () => {
  for (const [says, files, expected] of [
    [
      'by the firmware of Amazon',
      firmware({ sys_vendor: 'Amazon EC2', product_name: 'm5.large', board_asset_tag: 'i-0123456789abcdef0' }),
      { cloud: 'aws', instanceid: 'i-0123456789abcdef0', instancetype: 'm5.large' },
    ],
    [
      'by the firmware of Google',
      firmware({ sys_vendor: 'Google', product_name: 'Google Compute Engine' }),
      { cloud: 'gce' },
    ],
    [
      'by the tag of Azure',
      firmware({ sys_vendor: 'Microsoft Corporation', chassis_asset_tag: '7783-7084-3265-9085-8269-3286-77' }),
      { cloud: 'azure' },
    ],
    ['not on a laptop of Microsoft', firmware({ sys_vendor: 'Microsoft Corporation', product_name: 'Surface' }), {}],
    ['not where nothing is told', {}, {}],
    [
      'by cloud-init, with a public address',
      cloudInit({
        v1: { cloud_name: 'openstack', instance_id: 'abc-1', region: 'fra' },
        ds: { meta_data: { 'public-ipv4': '192.0.2.7', 'user-data': 'secret' } },
      }),
      { cloud: 'openstack', instanceid: 'abc-1', region: 'fra', publicip: '192.0.2.7' },
    ],
    ['by cloud-init of another form', cloudInit({ v1: { cloud_name: 7, region: null }, ds: { meta_data: 1 } }), {}],
    ['not by a damaged file', cloudInit('{"v1": '), {}],
    ['not by what no text can hold', cloudInit({ v1: { instance_id: 'a\u0000b' } }), {}],
  ] as const)
    it(says, () =>
      assert.deepEqual(
        readCloudFacts((path) => (files as Readonly<Record<string, string>>)[path]),
        expected,
      ),
    );
});
