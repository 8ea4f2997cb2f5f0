import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findLoopback, toHostPort } from './loopback.ts';

const four = {
  address: '127.0.0.1',
  netmask: '255.0.0.0',
  mac: '',
  cidr: null,
  internal: true,
  family: 'IPv4',
} as const;
const six = { ...four, address: '::1', family: 'IPv6', scopeid: 0 } as const;

test('the loopback address is that of IPv6 only where there is no other', () => {
  assert.equal(findLoopback({ lo: [four, six] }), '127.0.0.1');
  assert.equal(findLoopback({ lo: [six], eth0: [{ ...four, address: '10.0.0.1', internal: false }] }), '::1');
  assert.equal(findLoopback({}), '127.0.0.1');
});

test('an IPv6 address is between brackets before its port', () => {
  assert.equal(toHostPort({ host: '::1', port: 80 }), '[::1]:80');
  assert.equal(toHostPort({ host: 'localhost', port: 80 }), 'localhost:80');
});
