import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { emptyReceipt } from '../../protocol/result/result.ts';
import { module, type NetstatElement } from './module.ts';

function toLines(elements: Readonly<Record<string, Readonly<Record<string, readonly NetstatElement[]>>>>): string[] {
  const result = { success: true, foundanything: true, elements, statistics: {}, errors: [], receipt: emptyReceipt() };
  return [...module.toLines(result)];
}

describe('flags', () => {
  it('become the parameters of the original', () => {
    const values = {
      lm: ['^8c'],
      li: ['10.0.0.0/8'],
      nm: ['^8d'],
      ni: ['::1'],
      ci: ['public'],
      lp: ['53'],
      namespaces: true,
    };
    assert.deepEqual(module.toParameters(values), {
      localmac: ['^8c'],
      localip: ['10.0.0.0/8'],
      neighbormac: ['^8d'],
      neighborip: ['::1'],
      connectedip: ['public'],
      listeningport: ['53'],
      searchnamespaces: true,
    });
  });

  const bad: readonly [name: string, values: Parameters<typeof module.toParameters>[0], inMessage: string][] = [
    ['none', { namespaces: true }, '-ci'],
    ['an address that is none', { ci: ['10.0.0.300'] }, '-ci: expected an address'],
    ['a port that is none', { lp: ['ssh'] }, '-lp: expected a port from 0 to 65535, got "ssh"'],
  ];
  for (const [name, values, inMessage] of bad)
    it(`are refused with their name: ${name}`, () => {
      assert.throws(
        () => module.toParameters(values),
        (error) => error instanceof CodedError && error.code === 'usage' && error.message.includes(inMessage),
      );
    });
});

describe('lines', () => {
  const process = { pid: 7, name: 'nginx', user: 'www-data', container: 'docker/abc' };
  const socket = { localaddr: '::1', localport: 80, state: 'LISTEN', protocol: 'tcp' } as const;
  const cases: readonly [
    elements: Readonly<Record<string, Readonly<Record<string, readonly NetstatElement[]>>>>,
    line: string,
  ][] = [
    [
      { localmac: { '^02': [{ localmacaddr: '02:00', interface: 'eth0' }] } },
      "local mac 02:00 [interface:eth0] in localmac '^02'",
    ],
    [{ localip: { '::1': [{ localaddr: '::1', interface: 'lo' }] } }, "local ip ::1 [interface:lo] in localip '::1'"],
    [
      { neighborip: { '10.0.0.1': [{ remoteaddr: '10.0.0.1', state: 'FAILED', interface: 'eth0' }] } },
      "neighbor 10.0.0.1 without mac FAILED [interface:eth0] in neighborip '10.0.0.1'",
    ],
    [
      { listeningport: { '80': [{ ...socket, process, otherpids: [8, 9], namespace: 'net:[1]' }] } },
      "tcp LISTEN [::1]:80 [process:7 nginx (www-data, docker/abc), other pids:8 9, namespace:net:[1]] in listeningport '80'",
    ],
    [
      {
        connectedip: {
          public: [{ ...socket, state: 'TIME_WAIT', localaddr: '10.0.0.2', remoteaddr: '1.1.1.1', remoteport: 443 }],
        },
      },
      "tcp TIME_WAIT 10.0.0.2:80 -> 1.1.1.1:443 in connectedip 'public'",
    ],
    [
      { rawprotocol: { any: [{ protocol: 'packet', ethertype: '0x0003', state: 'UNCONNECTED', user: 'root' }] } },
      "packet 0x0003 [user:root] in rawprotocol 'any'",
    ],
    [
      { rawprotocol: { icmp: [{ protocol: 'raw', rawprotocol: 'icmp', state: 'UNCONNECTED', localaddr: '0.0.0.0' }] } },
      "raw icmp UNCONNECTED 0.0.0.0 in rawprotocol 'icmp'",
    ],
    [
      {
        unixsocket: {
          docker: [{ protocol: 'unix', state: 'ESTABLISHED', path: '/run/docker.sock', remoteprocess: process }],
        },
      },
      "unix ESTABLISHED /run/docker.sock [remote process:7 nginx (www-data, docker/abc)] in unixsocket 'docker'",
    ],
  ];
  for (const [elements, line] of cases) it(`say ${line}`, () => assert.deepEqual(toLines(elements), [line]));
});
