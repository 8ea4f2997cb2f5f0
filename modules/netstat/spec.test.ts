import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { module } from './module.ts';

describe('parameters', () => {
  const good: readonly [name: string, parameters: unknown][] = [
    [
      'those of the original',
      { localmac: ['^8c:70'], localip: ['10.0.0.0/8'], neighbormac: ['^8c'], neighborip: ['::1'] },
    ],
    ['the others of the original', { connectedip: ['2001:db8::/32'], listeningport: ['53'], searchnamespaces: true }],
    ['exclusions', { connectedip: ['public', '!8.8.8.8'], listeningport: ['!22'], localmac: ['!^02'] }],
    ['raw and unix sockets', { rawprotocol: ['any', 'icmp', '255', 'packet'], unixsocket: ['^@'] }],
  ];
  for (const [name, parameters] of good)
    it(`accept ${name}`, () => assert.equal(module.parameters.safeParse(parameters).success, true));

  const bad: readonly [name: string, parameters: unknown, inMessage: string][] = [
    ['an address', { connectedip: ['10.0.0.300'] }, '"10.0.0.300"'],
    ['a range', { localip: ['10.0.0.0/33'] }, '"10.0.0.0/33"'],
    ['an exclusion', { neighborip: ['!nowhere'] }, '"!nowhere"'],
    ['a port', { listeningport: ['65536'] }, '"65536"'],
    ['a protocol', { rawprotocol: ['tipc'] }, '"tipc"'],
    ['a pattern', { localmac: ['[0-9'] }, '"[0-9"'],
    ['an exclamation mark alone', { connectedip: ['!'] }, '"!"'],
    ['a misspelt parameter', { conectedip: ['10.0.0.1'] }, 'did you mean "connectedip"'],
    ['no value at all', { searchnamespaces: true, localip: [] }, 'at least one value'],
  ];
  for (const [name, parameters, inMessage] of bad)
    it(`refuse ${name} by name`, () => {
      const { error } = module.parameters.safeParse(parameters);
      assert.ok(error?.message.includes(JSON.stringify(inMessage).slice(1, -1)), error?.message);
    });
});
