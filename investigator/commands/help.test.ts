import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadModules } from '../../modules/registry.ts';
import { commands } from './command-table.ts';
import { helpColumns, renderCommandHelp, renderHelp, renderModuleHelp } from './help.ts';

/** What is to be copied stays on one line, however narrow the window. */
const isToCopy = (line: string): boolean => /^ *(?:usage: |e\.g\. |-\S+ <|mig )|mig \S+ \[|\| man -l/.test(line);

const modules = [...(await loadModules()).values()];

describe('help', () => {
  for (const columns of [40, 80, 100])
    it(`fits into ${columns} columns`, async () => {
      const texts = [renderHelp(modules, commands, columns), ...modules.map((one) => renderModuleHelp(one, columns))];
      for (const [name, command] of commands)
        texts.push(renderCommandHelp(name, { ...command, flags: (await command.load()).flags }, columns));
      for (const line of texts.join('\n').split('\n'))
        assert.ok(line.length <= columns || isToCopy(line), `${line.length}: ${line}`);
    });

  it('is as wide as the terminal, also when it goes to a pager', () => {
    assert.equal(helpColumns({ dataColumns: () => 60, columns: () => 80 }), 60);
    assert.equal(helpColumns({ dataColumns: () => undefined, columns: () => 72 }), 72);
  });

  it('names every module and command, with what it is for', () => {
    const text = renderHelp(modules, commands, 100);
    const rows = [...commands].map(([name, { summary }]) => [name, summary] as const);
    for (const [name, summary] of [...modules.map(({ name, summary }) => [name, summary] as const), ...rows]) {
      const words = [name, ...summary.split(' ')].map((word) => word.replaceAll(/[^\w]/g, '\\$&'));
      assert.match(text, new RegExp(`^  ${words.join('\\s+')}$`, 'm'));
    }
  });
});
