// Starts a TypeScript entry file on the project's own Node, after installing whatever is missing.
// Plain JavaScript without dependencies: it is the one file that runs on the host's Node before `npm ci`.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findToolchainFolder, installToolchain, isThere } from '../builder/toolchain/install.mjs';
import { buildLibrary, findZig, hostTriple } from '../builder/toolchain/library.mjs';
import { withLock } from './install-lock.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, 'node_modules', '.mig-installed');
const node = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
const minimum = [20, 20];

/** Runs a command with this terminal; resolves to its exit code. Signals reach it through the process group. */
function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', cwd: process.cwd(), ...options });
    const forward = (signal) => child.kill(signal);
    const ignore = () => {};
    process.on('SIGTERM', forward);
    process.on('SIGINT', ignore);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGTERM', forward);
      process.off('SIGINT', ignore);
      resolve(signal === null ? (code ?? 1) : signal === 'SIGINT' ? 130 : 1);
    });
  });
}

/** Installs the compiler beside the dependencies. When it cannot be had, its user reports why. */
async function installCompiler() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  const folder = await findToolchainFolder(root, 'zig');
  if (!(await isThere(folder))) await installToolchain(root, 'zig');
  // Nobody waits for it: a link without it builds it.
  void buildLibrary(findZig(folder, root), hostTriple);
}

/** Installs the locked dependencies, unless the digest of package-lock.json says that they are installed. */
async function install() {
  const digest = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const isInstalled = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest;
  if (isInstalled()) return;
  const onWait = (pid) => process.stderr.write(`waiting for process ${pid}, which installs the dependencies …\n`);
  await withLock(join(root, '.cache', 'install.lock'), onWait, async () => {
    if (!isInstalled()) await installNow(digest);
  });
}

async function installNow(digest) {
  process.stderr.write('installing dependencies (npm ci, the pinned Node included) and the C++ compiler …\n');
  const compiler = installCompiler().catch(() => {});
  const npm = process.env.npm_execpath;
  const args = ['ci', '--loglevel=error'];
  const code =
    npm === undefined
      ? await run('npm', args, { cwd: root })
      : await run(process.execPath, [npm, ...args], { cwd: root });
  if (code !== 0) {
    process.stderr.write(
      'error: npm ci failed\nhint: check that the npm registry can be reached, then run the same command again\n',
    );
    process.exit(2);
  }
  await compiler;
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, digest);
}

const moduleFolder = join(root, 'modules');

function writeIfChanged(file, source) {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== source) writeFileSync(file, source);
}

/** Names of modules that are part of shipped programs. */
function listModules() {
  return readdirSync(moduleFolder)
    .sort()
    .filter((name) => {
      const declaration = join(moduleFolder, name, 'module.ts');
      return (
        existsSync(declaration) &&
        existsSync(join(moduleFolder, name, 'run.ts')) &&
        !/^ {2}isForTests: true,$/m.test(readFileSync(declaration, 'utf8'))
      );
    });
}

/** Makes the tables of modules of their folders: a new module touches only its own folder. */
function writeModuleTables() {
  const names = listModules();
  const rows = names.map(
    (name) => `  ${name}: {
    loadModule: async () => (await import('./${name}/module.ts')).module,
    loadRun: async () => (await import('./${name}/run.ts')).run,
  },`,
  );
  writeIfChanged(
    join(moduleFolder, 'registry.generated.ts'),
    `/** Written by tools/run.mjs of the folders beside it; not kept. */
import type { ModuleTable } from './registry.ts';

export const loaders: ModuleTable = {
${rows.join('\n')}
};
`,
  );
  const laptopRows = names
    .filter((name) => existsSync(join(moduleFolder, name, 'laptop.ts')))
    .map((name) => `  ${name}: async () => (await import('./${name}/laptop.ts')).laptop,`);
  writeIfChanged(
    join(moduleFolder, 'laptop.generated.ts'),
    `/** Written by tools/run.mjs of the folders beside it; not kept. */
import type { LaptopTable } from './kit/laptop-part.ts';

export const laptopLoaders: LaptopTable = {
${laptopRows.join('\n')}
};
`,
  );
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < minimum[0] || (major === minimum[0] && minor < minimum[1])) {
  process.stderr.write(`error: expected Node ${minimum.join('.')} or later, got ${process.versions.node}\n`);
  process.exit(2);
}
await install();
writeModuleTables();
if (!existsSync(node)) {
  process.stderr.write(
    `error: no Node build for ${process.platform}-${process.arch} among the dependencies\nhint: run this on linux-x64\n`,
  );
  process.exit(2);
}
process.exit(
  await run(
    node,
    process.argv.slice(2).map((argument, index) => (index === 0 ? join(root, argument) : argument)),
  ),
);
