/** A disk without room: nothing is half-written, and what was written before is whole and goes on when there is room again. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { newActionId } from '../../protocol/base/identifiers.ts';
import { MessageCounter } from '../link/message-counter.ts';
import { noSmallDisk, SmallDisk } from '../testing/small-disk.ts';
import { RefusalLog } from '../verify/refusal-log.ts';
import { AppendLog, readLines } from './append-log.ts';
import { AuditLog, verifyAuditLog } from './audit-log.ts';
import { isUnwritable } from './durable-file.ts';
import { ReplayLedger } from './replay-ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'mig-full-'));
const refusal = { kind: 'refused', action: null, actiondigest: null, code: 'expired', detail: 'x' } as const;
let disk: SmallDisk | null = null;

before(() => {
  disk = SmallDisk.mount(folder, '256k');
});
after(() => {
  disk?.unmount();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  disk?.makeRoom();
  for (const name of ['log', 'audit.jsonl', 'ledger.jsonl', 'counter.json'])
    rmSync(join(folder, name), { force: true });
});

function onSmallDisk(name: string, run: (disk: SmallDisk) => void): void {
  test(name, (context) => (disk === null ? context.skip(noSmallDisk) : run(disk)));
}

describe('on a full disk', () => {
  onSmallDisk('a line that is half there is taken out before the next one', (disk) => {
    const path = join(folder, 'log');
    const log = AppendLog.open(path);
    log.append({ n: 1 });
    disk.fill();
    assert.throws(() => log.append({ n: 2, text: 'x'.repeat(10_000) }), isUnwritable);
    assert.deepEqual(readLines(path), ['{"n":1}']);
    disk.makeRoom();
    log.append({ n: 3 });
    log.close();
    assert.deepEqual(readFileSync(path, 'utf8'), '{"n":1}\n{"n":3}\n');
  });

  onSmallDisk('the ledger knows what it could not write down, and starts again afterwards', (disk) => {
    const nowMs = Date.now();
    const ledger = new ReplayLedger(folder, nowMs);
    const actions = Array.from({ length: 200 }, () => newActionId());
    disk.fill();
    const taken = actions.filter((action) => {
      try {
        ledger.take(action, nowMs + 1000);
        return true;
      } catch (error) {
        assert.ok(isUnwritable(error));
        return false;
      }
    });
    assert.ok(taken.length > 0 && taken.length < actions.length);
    for (const action of actions)
      assert.equal(ledger.stateOf(action, nowMs + 1000), taken.includes(action) ? 'taken' : 'new');
    const [first = newActionId()] = taken;
    assert.throws(() => ledger.markReported(first), isUnwritable);
    assert.equal(ledger.stateOf(first, nowMs + 1000), 'reported');
    disk.makeRoom();
    const [late = newActionId()] = actions.filter((action) => !taken.includes(action));
    ledger.take(late, nowMs + 1000);
    ledger.close();
    const next = new ReplayLedger(folder, nowMs);
    for (const action of [...taken, late]) assert.equal(next.stateOf(action, nowMs + 1000), 'taken');
    next.close();
  });

  onSmallDisk('the audit log holds, also when it was to be rotated', (disk) => {
    const log = new AuditLog(folder, 1000);
    disk.fill();
    let failures = 0;
    for (let entry = 0; entry < 50; entry += 1)
      try {
        log.record({ ...refusal, detail: 'x'.repeat(250) });
      } catch (error) {
        assert.ok(isUnwritable(error));
        failures += 1;
      }
    assert.ok(failures > 0);
    assert.equal(verifyAuditLog(folder).broken, null);
    disk.makeRoom();
    log.record(refusal);
    assert.equal(verifyAuditLog(folder).broken, null);
    assert.equal(verifyAuditLog(folder).entries.length, 51 - failures);
    log.close();
  });

  onSmallDisk('refusals are counted until they can be told', (disk) => {
    const log = new AuditLog(folder);
    const told = new RefusalLog(log);
    disk.fill();
    let failures = 0;
    for (let entry = 0; entry < 49; entry += 1)
      try {
        told.record({ ...refusal, detail: 'x'.repeat(300) }, 0);
      } catch (error) {
        assert.ok(isUnwritable(error));
        failures += 1;
      }
    assert.ok(failures > 0);
    disk.makeRoom();
    told.record(refusal, 0);
    const last = verifyAuditLog(folder).entries.at(-1)?.event;
    assert.equal(last?.kind === 'refused' ? last.counted : null, failures);
    log.close();
  });

  onSmallDisk('an agent that runs has numbers for its messages left', (disk) => {
    const counter = new MessageCounter(folder);
    const first = counter.next();
    disk.fill();
    for (let message = 1; message <= 60_000; message += 1) assert.equal(counter.next(), first + message);
    disk.makeRoom();
    const last = counter.next();
    assert.ok(new MessageCounter(folder).next() > last);
  });
});
