import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { native } from '../index.ts';

/** By the system call itself; the fields are those of struct timex on x86-64. */
const program = String.raw`my $kept = "\0" x 208; syscall(159, $kept) >= 0 or die $!;
my (undef, undef, $offset, undef, $maximum, $estimate, $status) = unpack 'L L q q q q l', $kept;
print join ' ', $offset, $maximum, $estimate, $status;`;

const isAsked =
  process.platform === 'linux' && process.arch === 'x64' && spawnSync('perl', ['-e', program]).status === 0;
if (!isAsked) process.stderr.write('SKIPPED: the kernel is not asked about its clock here\n');

it('the clock is what the kernel says of it', { skip: !isAsked }, () => {
  const ask = () => spawnSync('perl', ['-e', program], { encoding: 'utf8' }).stdout.split(' ').map(Number);
  const [, least = 0, , status = 0] = ask();
  const state = native().readClock();
  const [, most = 0, estimate = 0] = ask();
  assert.ok(state !== null);
  assert.equal(state.isSynchronised, (status & 0x40) === 0);
  assert.equal(Math.round(state.estimatedErrorSeconds * 1e6), estimate);
  // It grows until somebody sets the clock.
  assert.ok(state.maximumErrorSeconds * 1e6 >= least - 1 && state.maximumErrorSeconds * 1e6 <= most + 1);
});
