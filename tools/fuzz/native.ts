/**
 * `npm run fuzz:native -- --seconds N`: runs the harnesses of native/fuzz/ under libFuzzer and AddressSanitizer, each for
 * so long, one after the other. `--only NAME` runs one of them.
 */
import { execFile, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { buildObject } from '../../builder/addon/compile.ts';
import { mapInParallel } from '../../builder/addon/parts.ts';
import { listUnits } from '../../builder/addon/sources.ts';
import type { Toolchain } from '../../builder/toolchain/toolchain.ts';
import { parseOptions } from '../../host/options.ts';
import { writeJournalFile } from '../../native/journal/testing/journal-writer.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { runMain } from '../run-main.ts';

const root = dirname(dirname(import.meta.dirname));
const folder = join(root, '.cache', 'fuzz');
const compiler = 'clang++';
/** Sources without Node, libuv and files; the glue to JavaScript needs these. */
const fuzzed =
  /^native\/(?:content|digest|platform|regex|text)\/(?!.*_napi\.cc$)|^native\/journal\/(?!.*_napi\.cc$|journal_scan\.cc$)|^native\/memory\/memory_pattern\.cc$|^(?:node_modules|\.cache)\//;
/** Node provides these to the addon; here the system does. */
const libraries = ['-l:libcrypto.so.3', '-l:libz.so.1'];
const maximumInputBytes = 4096;

/** Packed files as seeds: random bytes never look like one. The last two are by `xz` and `bzip2`. */
const packedSeeds: readonly Buffer[] = [
  gzipSync('needle'),
  zstdCompressSync('needle'),
  Buffer.from('/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAFbmVlZGxlAAAAELRCYsQGQwYAAR4GwS+kHR+2830BAAAAAARZWg==', 'base64'),
  Buffer.from('QlpoOTFBWSZTWVZz7Y4AAAKBAAYFIAAwzTQhnqTgwu5IpwoSCs59scA=', 'base64'),
];

const run = promisify(execFile);

async function findCompiler(): Promise<Toolchain> {
  const found = await run(compiler, ['--version']).catch((cause: unknown) => {
    throw new CodedError('compiler-missing', `expected ${compiler}, which has libFuzzer, got none`, {
      cause,
      hint: 'install it (Debian: apt-get install clang libclang-rt-14-dev)',
    });
  });
  const version = found.stdout.split('\n', 1)[0] ?? compiler;
  const compileFlags = ['-O1', '-g', '-fno-omit-frame-pointer', '-fsanitize=fuzzer-no-link,address'];
  return { compiler, buildLibrary: async () => {}, version, compileFlags, linkFlags: [], env: process.env };
}

/** The programs by the name of their harness. */
async function buildHarnesses(
  names: readonly string[],
  onProgress: (line: string) => void,
): Promise<Map<string, string>> {
  const toolchain = await findCompiler();
  const units = listUnits(root, 'linux').filter(({ source }) => fuzzed.test(source));
  onProgress(`compile ${units.length} sources`);
  const build = (unit: (typeof units)[number]): Promise<string> => buildObject(toolchain, root, folder, unit);
  const objects = await mapInParallel(units, 2, build);
  const ours = units.find((unit) => unit.ours);
  if (ours === undefined) throw new CodedError('no-sources', 'expected sources below native/, found none');
  const programs = new Map<string, string>();
  for (const name of names) {
    const program = join(folder, name);
    const includes = ours.includes.flatMap((path) => ['-I', path]);
    const source = `native/fuzz/${name}.cpp`;
    const flags = ['-std=c++17', ...toolchain.compileFlags, '-fsanitize=fuzzer,address', ...includes];
    onProgress(`build ${name}`);
    await run(compiler, [...flags, source, ...objects, ...libraries, '-o', program], { cwd: root });
    programs.set(name, program);
  }
  return programs;
}

/** Small files in the forms that need no other program. */
function makeJournals(): Buffer[] {
  const entries = Array.from({ length: 6 }, (_, index) => ({
    realtime: 1_700_000_000_000_000 + index,
    payloads: [
      `MESSAGE=session opened ${'again '.repeat(index * 4)}`,
      `PRIORITY=${index % 4}`,
      'SYSLOG_IDENTIFIER=sshd',
    ],
  }));
  return (['none', 'zstd', 'lz4'] as const).flatMap((compression) =>
    [false, true].map((compact) => writeJournalFile(entries, { compact, compression })),
  );
}

function makeCorpus(name: string): string {
  const corpus = join(folder, `${name}.corpus`);
  mkdirSync(corpus, { recursive: true });
  // The first byte of a packed file is the size of the pieces.
  const seeds: Readonly<Record<string, () => Buffer[]>> = {
    unpack: () => packedSeeds.map((seed) => Buffer.concat([Buffer.from([7]), seed])),
    journal: makeJournals,
  };
  for (const [index, seed] of (seeds[name]?.() ?? []).entries()) writeFileSync(join(corpus, `seed-${index}`), seed);
  return corpus;
}

/** @throws CodedError when the harness found something. */
function fuzz(name: string, program: string, seconds: number): void {
  const options = [
    `-max_total_time=${seconds}`,
    `-max_len=${maximumInputBytes}`,
    '-timeout=25',
    '-rss_limit_mb=2048',
    '-print_final_stats=1',
    `-artifact_prefix=${folder}/${name}-`,
  ];
  const { status, stderr } = spawnSync(program, [...options, makeCorpus(name)], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0)
    throw new CodedError('fuzz-finding', `${name} found something\n${stderr.slice(-4000)}`, {
      hint: `the input is in ${folder}; run ${program} with it`,
    });
  const [, executions = '?'] = /number_of_executed_units: (\d+)/.exec(stderr) ?? [];
  process.stdout.write(`${name.padEnd(12)} ${executions.padStart(10)} executions in ${seconds} s, no finding\n`);
}

async function main(): Promise<void> {
  const { values } = parseOptions({
    options: { seconds: { type: 'string', default: '60' }, only: { type: 'string' } },
  });
  const seconds = Number(values.seconds);
  if (!Number.isInteger(seconds) || seconds < 1)
    throw new CodedError('usage', `expected whole seconds, got ${values.seconds}`);
  const all = globSync('native/fuzz/*.cpp', { cwd: root })
    .map((file) => basename(file, '.cpp'))
    .sort();
  const names = values.only === undefined ? all : all.filter((name) => name === values.only);
  if (names.length === 0) throw new CodedError('usage', `expected one of ${all.join(', ')}, got ${values.only}`);
  mkdirSync(folder, { recursive: true });
  const programs = await buildHarnesses(names, (line) => process.stderr.write(`${line}\n`));
  for (const [name, program] of programs) fuzz(name, program, seconds);
}

await runMain(main);
