import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { loadLaptopPart } from '../../modules/laptop.ts';
import { loadModules } from '../../modules/registry.ts';
import { commands } from './command-table.ts';
import { type FullModule, renderManPage, toRoff } from './man-page.ts';

/** As wide as no line is, without hyphenation, justification, bold and underline. */
const groff = ['-man', '-Tutf8', '-ww', '-P-c', '-P-b', '-P-u', '-rLL=2000n', '-rHY=0', '-dAD=l'];

function render(page: string) {
  return spawnSync('groff', groff, { input: page, encoding: 'utf8' });
}

const skip = spawnSync('groff', ['--version']).status === 0 ? false : 'groff is not installed';

describe('the man page', { skip }, () => {
  it('renders without a warning, and names every module, flag, command, setting and exit code', async () => {
    const full: FullModule[] = [];
    for (const [name, module] of await loadModules()) full.push({ module, part: await loadLaptopPart(name) });
    const modules = full.map(({ module }) => module);
    const own = full.flatMap(({ module, part }) =>
      Object.entries(part?.commands ?? {}).map(([word, { operands }]) => `mig ${module.name} ${word} ${operands}`),
    );
    assert.ok(own.length > 0);
    const loaded = [];
    for (const command of commands.values()) loaded.push({ ...command, flags: (await command.load()).flags });
    const { stdout, stderr, status } = render(renderManPage(full, loaded));
    assert.equal(status, 0);
    assert.equal(stderr, '');
    const flags = [...modules.flatMap(({ flags }) => flags), ...loaded.flatMap((command) => command.flags)];
    const words = [...loaded.map(({ usage }) => usage), ...own, ...flags.map(({ name }) => `-${name}`)];
    for (const word of [...words, 'MIG_SERVER', 'MIG_PROXY', '130', ...modules.map(({ summary }) => summary)])
      assert.ok(stdout.includes(word), word);
    for (const { example } of flags) assert.ok(example === undefined || stdout.includes(example), example);
  });

  it('shows any text as it is', () => {
    const printable = fc.string({
      unit: fc.constantFrom(...'\\.\'"-^`~$@a1…é<>%', '\\(', '\\f', '.SH', "'"),
      minLength: 1,
    });
    fc.assert(
      fc.property(printable, (text) => {
        const { stdout, stderr } = render(['.TH X 1 "" "" ""', '.SH S', toRoff(text), ''].join('\n'));
        assert.equal(stderr, '');
        assert.equal(/^ {7}(.*)$/m.exec(stdout)?.[1], text);
      }),
      { numRuns: 30 },
    );
  });
});
