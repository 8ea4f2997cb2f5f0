import assert from 'node:assert/strict';
import { it } from 'node:test';
import { OwnProcesses } from './own-processes.ts';
import type { ProcessEntry } from './process-entry.ts';

function entryOf(pid: number, parentPid: number, identity: string): ProcessEntry {
  const path = Buffer.from('/usr/local/sbin/mig-agent');
  return {
    pid,
    parentPid,
    isKernelThread: false,
    name: Buffer.from('mig'),
    arguments: [],
    isCommandCut: false,
    executable: { kind: 'file', path, isDeleted: false, isMemory: false, identity },
    runsAgent: false,
    user: null,
    userId: null,
    startSeconds: null,
    startTicks: null,
    capabilities: null,
    container: null,
  };
}

const own = entryOf(20, 10, 'ours');

for (const [name, entry, ofAgent, ofOwnMachine] of [
  ['this process', own, 'asker', 'asker'],
  ['the process that started it', entryOf(10, 1, 'ours'), 'agent', 'asker'],
  ['another module of the same asker', entryOf(21, 10, 'ours'), 'asker', 'asker'],
  ['a process that only has the same parent', entryOf(22, 10, 'other'), undefined, undefined],
  ['a parent that runs something else', entryOf(10, 1, 'other'), undefined, undefined],
  ['another agent of the host', entryOf(30, 1, 'ours'), undefined, undefined],
] as const)
  it(`${name} is told`, () => {
    assert.equal(new OwnProcesses(own, 20, 10, false).roleOf(entry), ofAgent);
    assert.equal(new OwnProcesses(own, 20, 10, true).roleOf(entry), ofOwnMachine);
  });

it("a child of process 1 is nobody's sibling", () => {
  const orphan = new OwnProcesses(entryOf(20, 1, 'ours'), 20, 1, false);
  assert.equal(orphan.roleOf(entryOf(21, 1, 'ours')), undefined);
});
