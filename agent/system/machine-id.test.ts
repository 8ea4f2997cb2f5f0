import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMachineGuid, parsePlatformUuid } from './machine-id.ts';

test("the id is found in what Windows' reg prints", () => {
  const printed =
    '\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography\r\n    MachineGuid    REG_SZ    69ca0ae5-6d15-4733-8ee4-94dc5ff7b67c\r\n\r\n';
  assert.equal(parseMachineGuid(printed), '69ca0ae5-6d15-4733-8ee4-94dc5ff7b67c');
  assert.equal(parseMachineGuid('ERROR: The system was unable to find the specified registry key or value.'), null);
});

test("the id is found in what macOS' ioreg prints", () => {
  const printed = `+-o J313AP  <class IOPlatformExpertDevice, id 0x100000227, registered, matched, active>
    {
      "IOPlatformSerialNumber" = "C02XXXXXXXXX"
      "IOPlatformUUID" = "12345678-ABCD-5678-ABCD-123456789ABC"
      "model" = <"MacBookAir10,1">
    }`;
  assert.equal(parsePlatformUuid(printed), '12345678-ABCD-5678-ABCD-123456789ABC');
  assert.equal(parsePlatformUuid(''), null);
});
