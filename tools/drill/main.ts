/** `npm run drill [-- --json] [--only TEXT …] [--broker rabbitmq]`: every attack against a laboratory platform, and how each was noticed. */
import { Progress } from '../../builder/progress.ts';
import { parseOptions } from '../../host/options.ts';
import { buildTools } from '../lab/build-tools.ts';
import { provideTestCompiler } from '../lab/test-compiler.ts';
import { runMain } from '../run-main.ts';
import { attacks } from './attacks.ts';
import { isHeld, play, type Row } from './drill.ts';
import { Stage } from './stage.ts';

const progress = (line: string): void => void process.stderr.write(`${line.trimEnd()}\n`);

function toLine({ attack, tried, noticed, by, passed, broken }: Row): string {
  const verdict = passed ? 'WENT THROUGH' : broken === null ? `noticed by the ${by}` : 'NOT TRIED TO ITS END';
  return [attack, `  tried: ${tried}`, `  ${verdict}: ${(noticed ?? broken ?? '').replaceAll('\n', ' ')}`].join('\n');
}

async function main(): Promise<number> {
  const { values } = parseOptions({
    options: {
      json: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      broker: { type: 'string', default: 'embedded' },
    },
  });
  const { only, broker } = values;
  if (broker !== 'embedded' && broker !== 'rabbitmq')
    throw new Error(`expected --broker embedded or rabbitmq, got ${broker}`);
  const named = only === undefined ? attacks : attacks.filter(({ name }) => only.some((part) => name.includes(part)));
  const chosen = named.filter((attack) => attack.only === undefined || attack.only === broker);
  for (const { name } of named.filter((attack) => !chosen.includes(attack)))
    progress(`NOT PLAYED on ${broker}: ${name}`);
  if (chosen.length === 0)
    throw new Error(`expected --only to be part of the name of an attack, got ${only?.join(', ')}`);
  process.env.CXX = await provideTestCompiler();
  await buildTools(Progress.to(process.stderr));
  const stage = await Stage.start(progress, broker);
  const rows: Row[] = [];
  try {
    for (const attack of chosen) {
      const row = await play(attack, stage);
      rows.push(row);
      if (values.json) process.stderr.write(`${isHeld(row) ? 'held' : 'NOT HELD'} ${row.attack}\n`);
      else process.stdout.write(`${toLine(row)}\n`);
    }
  } finally {
    await stage.close();
  }
  const held = rows.filter(isHeld).length;
  if (values.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else
    process.stdout.write(
      `\n${held} of ${rows.length} attacks noticed, ${rows.filter(({ passed }) => passed).length} went through\n`,
    );
  return held === rows.length ? 0 : 1;
}

await runMain(main);
process.exit();
