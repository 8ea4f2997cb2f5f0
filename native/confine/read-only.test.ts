/** Rules of Landlock while other programs mount, unmount and remove what the rules are made from. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runProgram } from '../../tools/lab/child.ts';
import { provideTestProgram } from '../../tools/lab/test-program.ts';

const sources = [
  ...['fs/fs_posix.cc', 'fs/fs_linux.cc', 'fs/mounts.cc', 'fs/mounts_linux.cc'],
  ...['proc/mount_table_linux.cc', 'proc/system_linux.cc'],
  ...['confine/closed_places_linux.cc', 'confine/read_only_linux.cc', 'confine/testing/rules_check.cpp'],
];
const seconds = 3;

/** Folders above device folders come and go. Everything ends with the namespaces. */
const storm = `
mount --make-rprivate / && cd "$1"
while :; do
  for name in a b c; do mkdir -p $name/dev; mount -t tmpfs none $name/dev; done
  mkdir b/dev/pts; mount -t devpts none b/dev/pts; mount -t devtmpfs none c/dev
  umount -l b/dev/pts; umount -l c/dev
  for name in a b c; do umount -l $name/dev; rm -r $name; done
done &
"$2" ${seconds} /etc "$1/a" & "$2" ${seconds} /etc "$1/b/dev"
wait $!`;

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'on Linux only';
  if (spawnSync('unshare', ['--mount', 'true']).status !== 0) return 'no rights to mount';
  return null;
}
const reason = whyNot();
if (reason !== null) process.stderr.write(`SKIPPED: rules beside mounts that come and go: ${reason}\n`);

test('rules are made beside mounts that come and go', { skip: reason ?? false }, async () => {
  const program = provideTestProgram({
    name: 'rules_check',
    compiler: spawnSync('g++', ['--version']).status === 0 ? 'g++' : (process.env.CXX ?? 'c++'),
    flags: ['-O1', '-g'],
    sources,
  });
  const folder = mkdtempSync(join(tmpdir(), 'mig-mounts-'));
  try {
    const args = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', storm, 'sh', folder, program];
    const { stdout, stderr } = await runProgram('unshare', args);
    const outcomes = stdout.trim().split('\n');
    assert.equal(outcomes.length, 2, `${stdout}${stderr}`);
    for (const outcome of outcomes) assert.match(outcome, /^made: \d{3,}$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
