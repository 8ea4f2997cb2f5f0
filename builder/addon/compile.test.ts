import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { provideZig } from '../toolchain/toolchain.ts';
import { buildAddon } from './compile.ts';
import { compileCommandsFile } from './compile-commands.ts';
import { listUnits } from './sources.ts';

const { path, sha256 } = await buildAddon();
const root = dirname(dirname(import.meta.dirname));
const Commands = z.array(z.object({ directory: z.string(), file: z.string(), arguments: z.array(z.string()) }));

/** The glibc of the oldest system that Node itself runs on. */
const glibcFloor = [2, 28];

function isAbove(version: readonly number[], floor: readonly number[]): boolean {
  for (let index = 0; index < Math.max(version.length, floor.length); index += 1) {
    const difference = (version[index] ?? 0) - (floor[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

describe('the addon', () => {
  it('is not built again when nothing changed', async () => {
    const steps: string[] = [];
    const again = await buildAddon({ onProgress: (line) => steps.push(line) });
    assert.deepEqual(steps, []);
    assert.deepEqual(again, { path, sha256 });
  });

  it('goes by MIG_ISA only where it is built for tests and benchmarks', async () => {
    const choosable = await buildAddon({ isChoosable: true });
    const script =
      'const module = { exports: {} }; process.dlopen(module, process.argv[1]); console.log(module.exports.readInstructionSet())';
    const readInstructionSet = (addon: string, chosen: string): string => {
      const env = { ...process.env, MIG_ISA: chosen };
      return spawnSync(process.execPath, ['-e', script, addon], { env, encoding: 'utf8' }).stdout.trim();
    };
    const lowest = process.arch === 'x64' ? 'sse' : 'neon';
    assert.equal(readInstructionSet(choosable.path, lowest), lowest);
    assert.equal(readInstructionSet(path, lowest), readInstructionSet(path, ''));
    assert.ok(!readFileSync(path).includes('MIG_ISA'), 'what is shipped has no such variable');
  });

  it('comes with the commands for editors, one for each of our sources, which compile it alone', async () => {
    const commands = Commands.parse(JSON.parse(readFileSync(join(root, compileCommandsFile), 'utf8')));
    const ours = listUnits(root, process.platform).filter((unit) => unit.ours);
    assert.deepEqual(
      commands.map(({ file }) => file),
      ours.map(({ source }) => source),
    );
    const command = commands.find(({ file }) => file === 'native/text/text_napi.cc');
    assert.ok(command !== undefined);
    const { path: zig, env } = await provideZig(root);
    const folder = mkdtempSync(join(tmpdir(), 'mig-commands-'));
    try {
      const parameters = ['c++', ...command.arguments.slice(1), '-o', join(folder, 'object.o')];
      const { status, stderr } = spawnSync(zig, parameters, { cwd: command.directory, env, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('needs no newer libraries than Node does', (context) => {
    const dump = spawnSync('objdump', ['-T', path], { encoding: 'utf8' });
    if (dump.status !== 0) {
      process.stderr.write('SKIPPED: objdump is not installed, the glibc floor of the addon was NOT checked\n');
      return context.skip('objdump is not installed');
    }
    const versions = [...dump.stdout.matchAll(/\(([A-Z]+)_([0-9.]+)\)/g)];
    assert.ok(versions.length > 50);
    const tooNew = versions.filter(
      ([, library, version]) => library !== 'GLIBC' || isAbove((version ?? '').split('.').map(Number), glibcFloor),
    );
    assert.deepEqual(
      tooNew.map(([name]) => name),
      [],
    );
  });

  it('shows nothing but its entry points and tells no path of the machine that built it', () => {
    const bytes = readFileSync(path, 'latin1');
    assert.equal(bytes.includes(process.cwd()), false);
    assert.equal(bytes.includes('/home/'), false);
    const dump = spawnSync('objdump', ['-T', path], { encoding: 'utf8' });
    const shown = dump.stdout.split('\n').filter((line) => line.includes(' g ') && !line.includes('*UND*'));
    if (dump.status === 0) assert.equal(shown.length, 2);
  });
});
