/** What is left in the outbox: no answer holds up another, and none stays for ever. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import pino from 'pino';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { type ActionId, newActionId } from '../../protocol/base/identifiers.ts';
import { AuditLog, readAuditLog } from '../state/audit-log.ts';
import { Outbox, type ReportHead } from '../state/outbox.ts';
import type { PublishCode, PublishReport } from './publishing.ts';
import { ReportSender } from './report-sender.ts';

const dayMs = 24 * 3600 * 1000;
const large = Buffer.alloc(2 * 1024 * 1024, 'l');
const small = Buffer.from('small');
const replaced = Buffer.from('too large');

let folder = '';
let outbox: Outbox;
let audit: AuditLog;
let delivered: ActionId[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mig-sender-'));
  outbox = new Outbox(folder);
  audit = new AuditLog(folder);
  delivered = [];
});
afterEach(() => {
  audit.close();
  rmSync(folder, { recursive: true, force: true });
});

function put(message: Buffer, expiresMs = Date.now() + dayMs): ActionId {
  const head: ReportHead = {
    action: newActionId(),
    actiondigest: '0'.repeat(64),
    replykey: '',
    operations: 1,
    expiresMs,
  };
  outbox.put(head, message);
  return head.action;
}

/** As of an agent that has just started. */
function newSender(): ReportSender {
  return new ReportSender({
    outbox: new Outbox(folder),
    audit,
    log: pino({ level: 'silent' }),
    makeFailed: () => replaced,
    onDelivered: (action) => delivered.push(action),
  });
}

function refusing(code: PublishCode, sent: Buffer[]): PublishReport {
  return async (message) => {
    sent.push(message);
    if (message.length >= large.length) throw new CodedError<PublishCode>(code, code);
  };
}

describe('what is left in the outbox', () => {
  test('is sent, the smallest first, and then gone', async () => {
    const [second, first] = [put(large), put(small)];
    const sender = newSender();
    await sender.flush(async () => {});
    assert.deepEqual(delivered, [first, second]);
    assert.deepEqual(outbox.actions(), []);
  });

  test('is replaced when the broker will never take it, which the owner can read', async () => {
    const [action, other] = [put(large), put(small)];
    const sent: Buffer[] = [];
    await newSender().flush(refusing('too-large', sent));
    assert.deepEqual(delivered, [other]);
    // The broker has closed the channel: on the next link.
    await newSender().flush(refusing('too-large', sent));
    assert.deepEqual(delivered, [other, action]);
    assert.deepEqual(sent.at(-1), replaced);
    assert.deepEqual(outbox.actions(), []);
    const undelivered = readAuditLog(folder).filter(({ event }) => event.kind === 'undelivered');
    assert.equal(undelivered.length, 1);
  });

  test('and is lost with the link each time does not keep the others from being sent', async () => {
    const action = put(large);
    const sender = newSender();
    const sent: Buffer[] = [];
    for (let link = 0; link < 10; link += 1) {
      const other = put(small);
      await sender.flush(refusing('link-lost', sent));
      assert.equal(delivered.at(-1), other);
    }
    sender.close();
    assert.ok(
      sent.filter((message) => message.length === large.length).length <= 2,
      'it is tried more and more seldom',
    );
    assert.deepEqual(outbox.actions(), [action]);
  });

  test('is sent again a while later when the broker had no place for it yet', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const action = put(small);
    let hasQueue = false;
    await newSender().flush(async () => {
      if (!hasQueue) throw new CodedError<PublishCode>('not-taken', 'no queue');
    });
    assert.deepEqual(outbox.actions(), [action]);
    hasQueue = true;
    t.mock.timers.tick(10_000);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(delivered, [action]);
  });

  test('is let go a day after its action has expired, also by an agent that was restarted', async () => {
    const late = put(small, Date.now() - dayMs + 60_000);
    const expired = put(small, Date.now() - dayMs - 1000);
    await newSender().flush(async () => {});
    assert.deepEqual(delivered, [late]);
    assert.deepEqual(outbox.actions(), []);
    const told = readAuditLog(folder).map(({ event }) => (event.kind === 'undelivered' ? event.action : null));
    assert.deepEqual(told, [expired]);
  });
});
