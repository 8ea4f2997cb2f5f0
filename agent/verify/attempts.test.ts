import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { sha256Hex } from '../../protocol/base/identifiers.ts';
import { Attempts } from './attempts.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mig-attempts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a delivery', () => {
  const [digest, other] = [sha256Hex('one'), sha256Hex('other')];

  test('that comes again is counted, also by agents that ended meanwhile', () => {
    assert.equal(new Attempts(folder).begin(digest, false), 0);
    for (const count of [1, 2, 3, 4]) assert.equal(new Attempts(folder).begin(digest, true), count);
    assert.equal(new Attempts(folder).begin(other, true), 1);
  });

  test('that was handled is forgotten', () => {
    const attempts = new Attempts(folder);
    attempts.begin(digest, true);
    attempts.end(digest);
    assert.equal(new Attempts(folder).begin(digest, true), 1);
  });

  test('that comes for the first time costs no write', () => {
    const attempts = new Attempts(folder);
    attempts.begin(digest, false);
    attempts.end(digest);
    assert.ok(!existsSync(join(folder, 'attempts.json')));
  });
});
