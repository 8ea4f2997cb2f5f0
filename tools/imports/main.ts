/** `npm run imports`: draws which folders import from which, the lowest first. */
import { parseOptions } from '../../host/options.ts';
import { projectRoot } from '../lab/lab.ts';
import { runMain } from '../run-main.ts';
import { findArrows, findCircles, toLevels } from './find-imports.ts';

async function main(): Promise<void> {
  parseOptions({ options: {} });
  const arrows = findArrows(projectRoot);
  const levels = [...toLevels(arrows)].sort(([a, one], [b, other]) => one - other || a.localeCompare(b));
  for (const [folder, level] of levels) {
    const imported = arrows.filter(({ from }) => from === folder).map(({ to }) => to);
    process.stdout.write(`${level}  ${folder}${imported.length === 0 ? '' : ` → ${imported.sort().join(', ')}`}\n`);
  }
  for (const { from, to, example } of findCircles(arrows))
    process.stdout.write(`in a circle  ${from} → ${to}: ${example}\n`);
}

await runMain(main);
