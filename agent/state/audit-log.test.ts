/** The audit log when it grows: rotated files belong to one chain, and none of them can go unnoticed. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { AuditLog, auditLogPath, verifyAuditLog } from './audit-log.ts';

const refusal = { kind: 'refused', action: null, actiondigest: null, code: 'expired', detail: 'x' } as const;
/** So small that every other entry begins a file. */
const fileBytes = 400;
const keptFiles = 12;

describe('an audit log that is rotated', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mig-audit-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function record(count: number): AuditLog {
    const log = new AuditLog(folder, fileBytes);
    for (let index = 0; index < count; index += 1) log.record(refusal);
    log.close();
    return log;
  }
  const rotated = (): string[] =>
    readdirSync(folder)
      .filter((name) => name.startsWith('audit-'))
      .sort();

  test('is one chain over all its files, also across restarts', () => {
    for (let restart = 0; restart < 3; restart += 1) record(4);
    assert.ok(rotated().length >= 3, rotated().join(' '));
    const { entries, broken } = verifyAuditLog(folder);
    assert.equal(broken, null);
    assert.deepEqual(
      entries.map(({ sequence }) => sequence),
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
  });

  test('goes on where a crash left no current file', () => {
    record(3);
    renameSync(auditLogPath(folder), join(folder, 'audit-000000000003.jsonl'));
    record(1);
    const { entries, broken } = verifyAuditLog(folder);
    assert.deepEqual([entries.at(-1)?.sequence, broken], [4, null]);
  });

  test('shows a rotated file that was removed or emptied', () => {
    record(12);
    const [first = '', second = ''] = rotated();
    for (const name of [first, second]) {
      const kept = join(folder, 'kept');
      renameSync(join(folder, name), kept);
      assert.notEqual(verifyAuditLog(folder).broken, null, name);
      writeFileSync(join(folder, name), '');
      assert.notEqual(verifyAuditLog(folder).broken, null, name);
      renameSync(kept, join(folder, name));
    }
    assert.equal(verifyAuditLog(folder).broken, null);
  });

  test('drops its oldest files when there are too many, and still shows what else is missing', () => {
    const { head } = record(4 * keptFiles);
    assert.equal(rotated().length, keptFiles);
    const { entries, broken } = verifyAuditLog(folder);
    assert.equal(broken, null);
    assert.notEqual(entries[0]?.sequence, 1);
    assert.deepEqual(head, { sequence: entries.at(-1)?.sequence, hash: entries.at(-1)?.hash });
    rmSync(join(folder, rotated()[0] ?? ''));
    assert.notEqual(verifyAuditLog(folder).broken, null);
  });
});
