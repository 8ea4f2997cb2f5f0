import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { compileTinyLibrary } from './fixtures/tiny-library.ts';
import { targets } from './package/target.ts';
import { unsignPe } from './package/unsign-pe.ts';
import { isSignable, signExecutable } from './sign-executable.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'mig-sign-'));
});
after(() => rmSync(folder, { recursive: true }));

function writeProgram(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

test('only executables for Windows and macOS are signed', () => {
  assert.deepEqual(
    targets.filter(isSignable).map(({ os }) => os),
    ['win32', 'darwin', 'darwin'],
  );
});

test('a program that fails is told with what it said', async () => {
  const program = writeProgram('fails', 'echo no such key >&2; exit 3');
  await assert.rejects(signExecutable(program, '/absent.exe'), /to sign \/absent\.exe, got: no such key/);
  await assert.rejects(signExecutable(join(folder, 'absent'), '/absent.exe'), { code: 'executable-unsigned' });
});

const isThere = spawnSync('osslsigncode', ['--version']).status === 0 && spawnSync('openssl', ['version']).status === 0;
if (!isThere) process.stderr.write('SKIPPED: osslsigncode is not installed, no executable was signed for Windows\n');

test('osslsigncode signs what was unsigned for it, and notices a bit that is another', { skip: !isThere }, async () => {
  const run = (command: string, ...args: readonly string[]): number | null =>
    spawnSync(command, args, { cwd: folder }).status;
  const subject = ['-subj', '/CN=Test', '-addext', 'extendedKeyUsage=codeSigning'];
  assert.equal(
    run('openssl', 'req', '-x509', '-nodes', '-keyout', 'key.pem', '-out', 'certificate.pem', ...subject),
    0,
  );
  const executable = join(folder, 'tiny.exe');
  writeFileSync(executable, unsignPe(await compileTinyLibrary('x86_64-windows-gnu')));
  const example = join(import.meta.dirname, '..', 'packaging', 'examples', 'sign-windows.sh');
  const names = `SIGNING_CERTIFICATE='${folder}/certificate.pem' SIGNING_KEY='${folder}/key.pem'`;
  await signExecutable(writeProgram('sign', `${names} exec '${example}' "$1"`), executable);
  const verify = (): number | null => run('osslsigncode', 'verify', '-CAfile', 'certificate.pem', '-in', executable);
  assert.equal(verify(), 0);
  const bytes = readFileSync(executable);
  bytes.writeUInt8(bytes.readUInt8(1100) ^ 1, 1100);
  writeFileSync(executable, bytes);
  assert.notEqual(verify(), 0);
});
