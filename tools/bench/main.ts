/** `npm run bench`: ours beside the specialists on this machine. `-- --only NAME`, `-- --json`, `-- --clean`. */
import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseOptions } from '../../host/options.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { runMain } from '../run-main.ts';
import { prepareAsking } from './ask.ts';
import { measureRow } from './compare.ts';
import { removeCorpora } from './corpus.ts';
import { median } from './measure.ts';
import { printHeading, printRow } from './print.ts';
import type { Cost, OwnBench, Row, RowResult } from './row.ts';
import { rows as contentRows } from './rows/content.ts';
import { rows as digestRows } from './rows/digests.ts';
import { rows as logRows } from './rows/logs.ts';
import { rows as nameRows } from './rows/names.ts';
import { rows as packageRows } from './rows/packages.ts';
import { rows as policyRows } from './rows/policies.ts';
import { rows as startupRows } from './rows/startup.ts';

const root = dirname(dirname(import.meta.dirname));
/** Of a module process, on all rows. */
const peakGoalMiB = 120;

function onProgress(line: string): void {
  process.stderr.write(`${line}\n`);
}

const ownRows: readonly Row[] = [
  ...nameRows,
  ...contentRows,
  ...digestRows,
  ...packageRows,
  ...policyRows,
  ...startupRows,
  ...logRows,
];

/** Rows that measure themselves: `modules/<name>/<name>.bench.ts`, and the agent's. */
function findOwnBenches(): readonly { readonly name: string; readonly file: string }[] {
  return globSync(['modules/*/*.bench.ts', 'tools/bench/*/*.bench.ts'], { cwd: root })
    .sort()
    .map((file) => ({ name: basename(dirname(file)), file: join(root, file) }));
}

/** Cost of every module process before its question. An agent starts it while it verifies the question. */
function startRows(starts: readonly Cost[]): readonly RowResult[] {
  const figures = [
    { name: 'start-of-module-process', unit: 'CPU s', of: (cost: Cost) => cost.cpuSeconds },
    { name: 'start-of-module-process-wall', unit: 'wall s', of: (cost: Cost) => cost.wallSeconds },
  ];
  const note = 'not in the rows above: before the question';
  return figures.map(({ name, unit, of }) => {
    const ours = median(starts.map(of));
    return { name, ours, peer: null, unit, ratio: null, goal: null, met: null, note };
  });
}

function peakRow(peakBytes: number): RowResult {
  const ours = peakBytes / 1024 / 1024;
  const note = 'largest of the rows above';
  return {
    name: 'peak-memory',
    ours,
    peer: null,
    unit: 'MiB',
    ratio: ours,
    goal: peakGoalMiB,
    met: ours <= peakGoalMiB,
    note,
  };
}

async function main(): Promise<void> {
  const { values } = parseOptions({
    options: { json: { type: 'boolean' }, clean: { type: 'boolean' }, only: { type: 'string', multiple: true } },
  });
  if (values.clean === true) return removeCorpora();
  const isChosen = ({ name }: { readonly name: string }): boolean =>
    values.only === undefined || values.only.some((part) => name.startsWith(part));
  const chosen = ownRows.filter(isChosen);
  const benches = findOwnBenches().filter(isChosen);
  if (chosen.length + benches.length === 0) {
    const names = [...ownRows, ...findOwnBenches()].map(({ name }) => name);
    throw new CodedError('usage', `expected the name of a row, got ${values.only?.join(', ')}`, {
      hint: `one of ${names.join(', ')}, or how one begins`,
    });
  }
  const isa = await prepareAsking(onProgress);
  const print = (result: RowResult): void => {
    if (values.json === true) process.stdout.write(`${JSON.stringify({ ...result, isa })}\n`);
    else printRow({ ...result, isa });
  };
  if (values.json !== true) printHeading();
  let peakBytes = 0;
  const starts: Cost[] = [];
  for (const row of chosen) {
    const measured = await measureRow(row, onProgress);
    for (const result of measured.results) print(result);
    peakBytes = Math.max(peakBytes, measured.peakBytes);
    starts.push(...measured.starts);
  }
  if (chosen.length > 0) for (const result of [peakRow(peakBytes), ...startRows(starts)]) print(result);
  for (const { file } of benches) {
    const bench: OwnBench = await import(pathToFileURL(file).href);
    for await (const result of bench.rows()) print(result);
  }
}

await runMain(main);
