/** The rules for every module. A new module is checked without a line here. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { withoutNames } from '../agent/verify/privacy.ts';
import { helpFlags, isHelpWord, questionFlags } from '../investigator/cli/common-flags.ts';
import { parseQuestion } from '../investigator/cli/question.ts';
import { splitWords } from '../investigator/cli/split-words.ts';
import { commands } from '../investigator/commands/command-table.ts';
import { Need } from '../protocol/environment/need.ts';
import { OperationResult } from '../protocol/result/result.ts';
import { askModule } from './ask.ts';
import type { Column } from './kit/column.ts';
import { withFieldTable } from './kit/field-table.ts';
import type { Protection } from './kit/gate.ts';
import type { LaptopPart } from './kit/laptop-part.ts';
import type { Module } from './kit/module.ts';
import { limits } from './kit/testing/limits.ts';
import { loadLaptopPart } from './laptop.ts';
import { loadModules } from './registry.ts';

const root = resolve(import.meta.dirname, '..');
const modules = await loadModules();
const parts = new Map<string, LaptopPart | undefined>();
for (const name of modules.keys()) parts.set(name, await loadLaptopPart(name));
const platform = z.enum(['linux', 'darwin', 'win32']).parse(process.platform);

/** Questions about a whole machine end after this time; partial results are enough. */
const enoughMs = 2000;

/** The parameters of an example command. `<hex>` stands for a digest; files are those of the module's folder. */
function toParameters(module: Module, part: LaptopPart | undefined, command: string): unknown {
  const [program, name, ...words] = splitWords(command.replaceAll('<hex>', '0'.repeat(64)));
  assert.deepEqual([program, name], ['mig', module.name]);
  const readFile = (path: string): Buffer => readFileSync(join(import.meta.dirname, module.name, path));
  const request = parseQuestion(module, words, part, readFile);
  assert.equal(request.kind, 'question');
  return request.kind === 'question' ? request.operation.parameters : undefined;
}

function ask(module: Module, parameters: unknown, protection?: Protection): Promise<OperationResult> {
  const context = { signal: AbortSignal.timeout(enoughMs), limits };
  return askModule(module.name, parameters, protection === undefined ? context : { ...context, protection });
}

/** A question that fits any machine. */
function toQuestions(module: Module, part: LaptopPart | undefined): readonly unknown[] {
  const trial = module.trial?.[platform];
  const everything = module.parameters.safeParse({ searches: { s1: {} } });
  return [
    ...(everything.success ? [module.toParameters({})] : []),
    ...(trial === undefined ? [] : [module.toParameters(trial.given)]),
    ...module.examples.map(({ command }) => toParameters(module, part, command)),
  ];
}

/** What a value that was forgotten looks like in a line. */
const unprinted = /undefined|\[object/;

/** Rules that hide every file and every process of a file. */
const nothingTold: Protection = {
  rules: ['/**/*', '**/*'].map((glob) => ({ glob, mayRead: false, mayTell: false })),
  contents: [],
  questions: 0,
};

type ToldColumn = Omit<Column, 'value' | 'toText'>;

function cellsOf(module: Module, result: OperationResult, isMeant: (column: ToldColumn) => boolean): string[] {
  const names = module.columns.filter(isMeant).map(({ name }) => name);
  return [...module.toRows(result)].flatMap(({ cells }) =>
    names.flatMap((name) => {
      const cell = cells[name] ?? '';
      return typeof cell === 'object' ? cell : cell === '' ? [] : [String(cell)];
    }),
  );
}

for (const [name, module] of modules)
  describe(`the module ${name}`, () => {
    const folder = join(import.meta.dirname, name);
    const part = parts.get(name);
    const questions = toQuestions(module, part);
    /** The answer of this machine; asked once, since some take their full time limit. */
    const answers = new Map<unknown, Promise<OperationResult>>();
    function answerTo(parameters: unknown): Promise<OperationResult> {
      const answer = answers.get(parameters) ?? ask(module, parameters);
      answers.set(parameters, answer);
      return answer;
    }

    it('says of itself what is shown to people', () => {
      assert.equal(module.name, name);
      assert.match(module.summary, /^[A-Z].*[.?]$/);
      assert.ok(module.examples.length > 0, 'expected an example');
      assert.equal(new Set(module.platforms).size, module.platforms.length);
      assert.ok(module.platforms.length > 0, 'expected a platform');
      for (const { help } of [...module.flags, ...module.columns, ...Object.values(module.counts)])
        assert.match(help, /^[A-Z].*[^ ]$/);
    });

    it('has names that nothing else has', () => {
      assert.equal(commands.has(name), false, `mig ${name} is a command`);
      const flags = [...module.flags, ...questionFlags, ...helpFlags].map((flag) => flag.name);
      assert.deepEqual(
        flags.filter((flag, index) => flags.indexOf(flag) !== index),
        [],
      );
      const columns = module.columns.map((column) => column.name);
      assert.equal(new Set(columns).size, columns.length);
      for (const key of module.key) assert.ok(columns.includes(key), `${key} is a key and no column`);
    });

    it('has commands of its own that nobody takes for a flag, for help or for a file', () => {
      for (const [word, { operands, summary, example }] of Object.entries(part?.commands ?? {})) {
        assert.match(word, /^[a-z]+$/);
        assert.equal(isHelpWord(word), false);
        assert.ok(!existsSync(join(folder, word)));
        assert.match(operands, /^[A-Z]/);
        assert.match(summary, /^[A-Z].*\.$/);
        assert.ok(example.startsWith(`mig ${name} ${word} `), example);
      }
    });

    it('needs what exists, and no question needs more', () => {
      z.array(Need).parse(module.needs);
      for (const parameters of questions)
        for (const need of module.needsOf(parameters)) assert.ok(module.needs.includes(need), need);
    });

    it('goes from flags to parameters to flags', () => {
      for (const parameters of questions) {
        const given = module.toFlagValues(parameters);
        assert.ok(given !== undefined, JSON.stringify(parameters));
        assert.deepEqual(module.toParameters(given), parameters);
        assert.deepEqual(module.parameters.parse(parameters), parameters);
      }
    });

    it('refuses what it does not know', () => {
      for (const parameters of questions) {
        const known = z.record(z.string(), z.unknown()).parse(parameters);
        assert.equal(module.parameters.safeParse({ ...known, nosuchfield: 1 }).success, false);
      }
    });

    it('has a page with a table of its parameters', () => {
      const file = join(folder, 'README.md');
      const page = readFileSync(file, 'utf8');
      const made = withFieldTable(page, module);
      assert.ok(made !== undefined, `expected ${file} to have the comments around the table of parameters`);
      if (process.env.UPDATE === '1') writeFileSync(file, made);
      else assert.equal(page, made, 'UPDATE=1 npm test -- modules/modules.test.ts writes the table');
    });

    it('has tests of its own', () => assert.ok(globSync('*.test.ts', { cwd: folder }).length > 0));

    if (module.platforms.includes(platform)) {
      it('answers its examples in the form that it declares', { timeout: 120_000 }, async () => {
        for (const parameters of questions) {
          const result = OperationResult.parse(await answerTo(parameters));
          assert.ok(result.success, result.errors.join('\n'));
          assert.ok(Object.keys(module.counts).every((count) => Object.hasOwn(result.statistics, count)));
          const known = [...Object.keys(module.counts), 'totalhits'];
          assert.deepEqual(
            Object.keys(result.statistics).filter((count) => !known.includes(count)),
            [],
          );
          module.elements.parse(result.elements);
          // A process of this machine may have such a word in its own command line.
          if (unprinted.test(JSON.stringify(result.elements))) continue;
          for (const line of module.toLines(result)) assert.doesNotMatch(line, unprinted);
        }
      });

      it('finds what its trial says', async () => {
        const trial = module.trial?.[platform];
        if (trial === undefined) return;
        const result = await ask(module, module.toParameters(trial.given));
        assert.ok(JSON.stringify(result.elements).includes(trial.finds));
      });

      it('examines nothing in its rehearsal', async () => {
        if (module.rehearsal === undefined) return;
        const { success, foundanything, receipt } = await ask(module, module.toParameters(module.rehearsal));
        assert.deepEqual({ success, foundanything }, { success: true, foundanything: false });
        assert.ok(Object.values(receipt.examined).every((count) => count === 0));
      });

      it('tells of no file and of no process where all are protected', { timeout: 120_000 }, async () => {
        for (const parameters of questions) {
          const result = await ask(module, parameters, nothingTold);
          assert.deepEqual(
            cellsOf(module, result, ({ kind }) => kind === 'path'),
            [],
          );
        }
      });

      it('names nothing in an answer that only counts', { timeout: 120_000 }, async () => {
        for (const parameters of questions) {
          const result = await answerTo(parameters);
          const told = JSON.stringify({ ...withoutNames(result), receipt: null });
          // Short words are part of many others.
          const names = cellsOf(module, result, ({ kind }) => kind !== 'number').filter((text) => text.length > 9);
          assert.deepEqual(
            names.filter((text) => told.includes(JSON.stringify(text).slice(1, -1))),
            [],
          );
        }
      });

      it('tells as much as is asked for, where that can be chosen', { timeout: 120_000 }, async () => {
        if (module.fields.question.answer === undefined) return;
        for (const parameters of questions) {
          const names = await ask(module, module.limitDisclosure(parameters, 'names'));
          assert.deepEqual(
            cellsOf(module, names, ({ discloses }) => discloses === 'metadata'),
            [],
          );
          const count = await ask(module, module.limitDisclosure(parameters, 'count'));
          assert.deepEqual([...module.toRows(count)], []);
        }
      });
    }
  });

describe('the names of modules', () => {
  /** Module names that are also ordinary words: `memory` is a reason to end early, `file` a kind of key. */
  const names = [...modules.keys(), 'fault'].join('|');
  const meaning = [
    String.raw`\bmig (?:${names}) -`,
    String.raw`\bmodules?\b[^\n]{0,20}['"](?:${names})['"]`,
    `modules/(?:${names})/`,
    `['"](?:${names})['"], '-`,
  ];
  const pattern = new RegExp(meaning.join('|'), 'g');
  /** Files that only tests import. */
  const ofTests = /\.test\.ts$|\.bench\.ts$|\/(?:testing|fixtures)\//;

  for (const part of ['agent', 'host', 'protocol', 'server', 'native', 'builder', 'investigator'])
    it(`stand nowhere in ${part}/`, () => {
      const files = globSync(`${part}/**/*.{ts,cc,h}`, { cwd: root }).filter((file) => !ofTests.test(file));
      assert.ok(files.length > 0);
      const found = files.flatMap((file) =>
        (readFileSync(join(root, file), 'utf8').match(pattern) ?? []).map((text) => `${file}: ${text}`),
      );
      assert.deepEqual(found, []);
    });
});
