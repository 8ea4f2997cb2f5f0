/** The files of an agent's state: what a crash leaves of them must be whole. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { type ActionId, newActionId, sha256Hex } from '../../protocol/base/identifiers.ts';
import { AppendLog, readLines } from './append-log.ts';
import { AuditLog, auditLogPath, findBrokenLink, readAuditLog } from './audit-log.ts';
import { loadIdentity, readIdentity } from './identity.ts';
import { Outbox, type ReportHead } from './outbox.ts';
import { ReplayLedger } from './replay-ledger.ts';
import { lockStateDirectory, prepareStateDirectory, serviceStateDirectory } from './state-directory.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mig-state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('append log', () => {
  test('wherever a crash cuts the last line, the lines before are there and new ones follow', () => {
    const path = join(folder, 'log');
    const lines = ['{"n":1}', '{"n":2}'];
    const whole = `${lines.join('\n')}\n`;
    for (let length = 0; length <= whole.length; length += 1) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      const kept = whole.slice(0, length).split('\n').slice(0, -1);
      assert.deepEqual(readLines(path), kept);
      const log = AppendLog.open(path);
      log.append({ n: 3 });
      log.close();
      assert.deepEqual(readLines(path), [...kept, '{"n":3}'], `cut at ${length}`);
    }
  });
});

describe('replay ledger', () => {
  const now = 1_000_000;

  test('knows after a restart what was taken and what was reported', () => {
    const [taken, reported, other] = [newActionId(), newActionId(), newActionId()];
    const before = new ReplayLedger(folder, now);
    before.take(taken, now + 100);
    before.take(reported, now + 100);
    before.markReported(reported);
    for (const ledger of [before, new ReplayLedger(folder, now), new ReplayLedger(folder, now)]) {
      assert.equal(ledger.stateOf(taken, now + 100), 'taken');
      assert.equal(ledger.stateOf(reported, now + 100), 'reported');
      assert.equal(ledger.stateOf(other, now + 100), 'new');
    }
  });

  test('forgets what has expired and holds such an action to have expired when the clock goes back', () => {
    const action = newActionId();
    const before = new ReplayLedger(folder, now);
    before.take(action, now + 100);
    before.close();
    new ReplayLedger(folder, now + 200).close();
    assert.equal(readFileSync(join(folder, 'ledger.jsonl'), 'utf8').includes(action), false);
    assert.equal(new ReplayLedger(folder, now).stateOf(action, now + 100), 'forgotten');
  });
});

describe('audit log', () => {
  const refusal = { kind: 'refused', action: null, actiondigest: null, code: 'expired', detail: 'x' } as const;

  test('chains across restarts, and every changed, removed or inserted entry shows', () => {
    for (let restart = 0; restart < 3; restart += 1) {
      const log = new AuditLog(folder);
      log.record(refusal);
      log.record({ ...refusal, detail: `restart ${restart}` });
      log.close();
    }
    const lines = readFileSync(auditLogPath(folder), 'utf8').trimEnd().split('\n');
    assert.equal(findBrokenLink(readAuditLog(folder)), null);
    const tampered = {
      changed: lines.map((line, index) => (index === 2 ? line.replace('expired', 'replayed') : line)),
      removed: lines.filter((_, index) => index !== 2),
      inserted: [...lines.slice(0, 2), lines[1], ...lines.slice(2)],
      swapped: [lines[1], lines[0], ...lines.slice(2)],
    };
    for (const [says, changed] of Object.entries(tampered)) {
      writeFileSync(auditLogPath(folder), `${changed.join('\n')}\n`);
      assert.notEqual(findBrokenLink(readAuditLog(folder)), null, says);
    }
  });

  test('goes on after a torn line', () => {
    new AuditLog(folder).record(refusal);
    appendFileSync(auditLogPath(folder), '{"sequence":2,"ti');
    new AuditLog(folder).record(refusal);
    assert.equal(findBrokenLink(readAuditLog(folder)), null);
    assert.equal(readAuditLog(folder).length, 2);
  });
});

describe('outbox', () => {
  const headOf = (action: ActionId): ReportHead => ({
    action,
    actiondigest: '0'.repeat(64),
    replykey: '',
    operations: 1,
    expiresMs: Date.now(),
  });

  test('keeps a message until it is deleted, also for the next process', () => {
    const head = headOf(newActionId());
    const { action } = head;
    new Outbox(folder).put(head, Buffer.from('message'));
    const next = new Outbox(folder);
    assert.deepEqual(next.actions(), [action]);
    appendFileSync(join(folder, 'outbox', `${newActionId()}.message.new`), 'half');
    assert.deepEqual(new Outbox(folder).actions(), [action]);
    assert.deepEqual(readdirSync(join(folder, 'outbox')), [`${action}.message`]);
    assert.deepEqual(next.get(action)?.head, head);
    assert.equal(next.get(action)?.message.toString(), 'message');
    next.delete(action);
    assert.deepEqual(next.actions(), []);
    assert.equal(next.get(action), null);
  });

  test('an entry that cannot be read is none, and does not stop the agent', () => {
    const action = newActionId();
    const outbox = new Outbox(folder);
    writeFileSync(join(folder, 'outbox', `${action}.message`), 'nonsense');
    writeFileSync(join(folder, 'outbox', 'nonsense.message'), '');
    assert.deepEqual(outbox.actions(), [action]);
    assert.equal(outbox.get(action), null);
    assert.deepEqual(outbox.actions(), []);
  });
});

describe('state directory', () => {
  test('is for its owner alone, and for one agent at a time', async () => {
    const path = join(folder, 'state');
    prepareStateDirectory(path);
    assert.equal(statSync(path).mode & 0o777, 0o700);
    await lockStateDirectory(path);
    await assert.rejects(lockStateDirectory(path), { code: 'state-in-use' });
  });

  test('the lock of an agent that was killed does not hold, that of a running agent does', async () => {
    const lock = join(import.meta.dirname, 'state-directory.ts');
    const script = `import { lockStateDirectory } from ${JSON.stringify(lock)};
      await lockStateDirectory(${JSON.stringify(folder)});
      process.kill(process.pid, 'SIGKILL');`;
    const { signal } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script]);
    assert.equal(signal, 'SIGKILL');
    assert.deepEqual(readdirSync(folder), ['lock']);
    await lockStateDirectory(folder);
    await assert.rejects(lockStateDirectory(folder), { code: 'state-in-use' });
  });

  test('is not kept from its agent by a user who takes a name outside of it', async () => {
    const server = createServer().listen(`\0mig-agent-${sha256Hex(folder)}`);
    await once(server, 'listening');
    await lockStateDirectory(folder);
    server.close();
  });

  test('of a service is where only administrators may write', () => {
    assert.equal(serviceStateDirectory('production', 'linux'), '/var/lib/mig-agent/production');
    assert.equal(serviceStateDirectory('production', 'darwin'), '/var/db/mig-agent/production');
    assert.equal(serviceStateDirectory('production', 'win32'), 'C:\\Program Files\\mig-agent-production\\state');
  });

  test('that cannot be one is named', () => {
    writeFileSync(join(folder, 'file'), '');
    assert.throws(() => prepareStateDirectory(join(folder, 'file')), { code: 'state-unusable' });
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    assert.throws(() => prepareStateDirectory(open), { code: 'state-unusable', message: /others can write/ });
  });
});

describe('identity', () => {
  test('is made once, kept, and made anew on another machine', () => {
    assert.equal(readIdentity(folder), null);
    const made = loadIdentity(folder);
    assert.equal(loadIdentity(folder).id, made.id);
    const path = join(folder, 'identity.json');
    const stored = JSON.parse(readFileSync(path, 'utf8')) as { machine: string };
    writeFileSync(path, JSON.stringify({ ...stored, machine: 'f'.repeat(64) }));
    assert.equal(readIdentity(folder), null);
    const copy = loadIdentity(folder);
    assert.notEqual(copy.id, made.id);
    assert.deepEqual([made.copiedFrom, copy.copiedFrom, loadIdentity(folder).copiedFrom], [null, made.id, made.id]);
  });
});
