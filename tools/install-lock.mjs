// One installation of the dependencies at a time: a second command in a fresh clone waits for the first.
// Plain JavaScript without dependencies: it runs on the host's Node before `npm ci`.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 200;
/** The owner marks its lock this often. A lock without a mark for `deadMs` has no owner, whoever has its pid now. */
const markMs = 5000;
const deadMs = 60_000;
const self = `${process.pid}`;

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The result of `call`, or null when it fails with `code`. */
function unless(code, call) {
  try {
    return call();
  } catch (error) {
    if (error.code !== code) throw error;
    return null;
  }
}

/** False when another process has the lock. */
function take(file, owner) {
  return unless('EEXIST', () => writeFileSync(file, owner, { flag: 'wx' }) ?? true) ?? false;
}

/** The pid in the lock, null when there is none. It is empty for a moment, while its owner writes it. */
function readOwner(file) {
  return unless('ENOENT', () => readFileSync(file, 'utf8'));
}

function isAlive(file, owner) {
  const mark = unless('ENOENT', () => statSync(file).mtimeMs);
  return mark === null || (Date.now() - mark < deadMs && owner !== self && (owner === '' || isRunning(Number(owner))));
}

/** Removes the lock of a dead owner. A faster process may have done so and taken the lock: that lock is put back. */
function removeDead(file, owner) {
  const moved = `${file}.${self}`;
  if (unless('ENOENT', () => renameSync(file, moved) ?? true) === null) return;
  const found = readFileSync(moved, 'utf8');
  if (found !== owner) take(file, found);
  rmSync(moved);
}

function release(file) {
  if (readOwner(file) === self) rmSync(file, { force: true });
}

/** Does the work while no other process works under this lock. `onWait` is called once, with the pid waited for. */
export async function withLock(file, onWait, work) {
  mkdirSync(dirname(file), { recursive: true });
  for (let isWaiting = false; !take(file, self); ) {
    const owner = readOwner(file);
    if (owner === null) continue;
    if (!isAlive(file, owner)) {
      removeDead(file, owner);
      continue;
    }
    if (!isWaiting && owner !== '') {
      onWait(owner);
      isWaiting = true;
    }
    await sleep(pollMs);
  }
  const onExit = () => release(file);
  process.once('exit', onExit);
  const marks = setInterval(() => unless('ENOENT', () => utimesSync(file, new Date(), new Date())), markMs);
  try {
    return await work();
  } finally {
    clearInterval(marks);
    process.off('exit', onExit);
    onExit();
  }
}
