import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { AuditLog, verifyAuditLog } from '../state/audit-log.ts';
import { toAuditLine } from '../state/show-audit.ts';
import { RefusalLog } from './refusal-log.ts';

const root = mkdtempSync(join(tmpdir(), 'mig-refusals-'));
after(() => rmSync(root, { recursive: true, force: true }));
const hourMs = 3600 * 1000;

const refused = (code: 'malformed' | 'expired', detail = 'x') =>
  ({ kind: 'refused', action: null, actiondigest: null, code, detail }) as const;

describe('refusals in the audit log', () => {
  function open() {
    const folder = mkdtempSync(join(root, 'state-'));
    const audit = new AuditLog(folder);
    const read = () => {
      const { entries, broken } = verifyAuditLog(folder);
      assert.equal(broken, null);
      return entries;
    };
    return { told: new RefusalLog(audit), read };
  }

  test('are listed one by one until there are too many of a kind, and counted from then on', () => {
    const { told, read } = open();
    for (let index = 0; index < 1000; index += 1) told.record(refused('malformed'), 0);
    told.record(refused('expired'), 0);
    assert.equal(read().length, 51);
    told.record(refused('malformed'), hourMs);
    told.record(refused('malformed'), hourMs);
    const last = read().at(-1);
    assert.equal(read().length, 52);
    assert.ok(last?.event.kind === 'refused' && last.event.counted === 950, JSON.stringify(last));
    assert.match(toAuditLine(last), /malformed \(x\) and 950 more like it before$/);
    told.recordRest();
    const rest = read().at(-1);
    assert.ok(rest?.event.kind === 'counted' && rest.event.counted === 1, JSON.stringify(rest));
  });

  test('of a year of nothing but refusals of every kind fit into what is kept', () => {
    const perKind = 50 + 365 * 24;
    const { told, read } = open();
    told.record(refused('malformed', 'x'.repeat(5000)), 0);
    const [entry] = read();
    const kinds = 15;
    assert.ok(JSON.stringify(entry).length * perKind * kinds < 104_000_000);
  });

  test('a clock that is set back does not stop them for as long, and text is cut between characters', () => {
    const { told, read } = open();
    for (let index = 0; index < 51; index += 1) told.record(refused('malformed'), 1000 * hourMs);
    told.record(refused('malformed'), 0);
    told.record(refused('malformed', `${'x'.repeat(299)}😀`), hourMs);
    told.record(refused('expired', '\ud800'), hourMs);
    const last = read().at(-2);
    assert.ok(last?.event.kind === 'refused' && last.event.counted === 2 && last.event.detail.endsWith('x'));
  });
});
