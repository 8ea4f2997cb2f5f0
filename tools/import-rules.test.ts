/** The import rules in biome.json: each folder may import only the folders of the design. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { projectRoot } from './lab/lab.ts';

const folders = ['agent', 'builder', 'host', 'investigator', 'modules', 'native', 'protocol', 'server'] as const;
type Folder = (typeof folders)[number];

const allowed: Readonly<Record<Folder, readonly Folder[]>> = {
  protocol: [],
  host: ['protocol'],
  native: ['protocol'],
  modules: ['protocol', 'native'],
  agent: ['modules', 'native', 'protocol', 'host'],
  server: ['protocol', 'host'],
  investigator: ['modules', 'native', 'protocol', 'host'],
  builder: ['protocol', 'modules', 'host'],
};

/**
 * Runs the linter over a project in which every folder imports from every other. Returns the refused imports as `folder →
 * other`.
 */
function findRefused(): Set<string> {
  const project = mkdtempSync(join(tmpdir(), 'mig-imports-'));
  try {
    copyFileSync(join(projectRoot, 'biome.json'), join(project, 'biome.json'));
    for (const folder of folders)
      for (const other of folders) {
        mkdirSync(join(project, folder), { recursive: true });
        writeFileSync(join(project, folder, `imports-${other}.ts`), `export { a } from '../${other}/a.ts';\n`);
      }
    const biome = join(projectRoot, 'node_modules/@biomejs/biome/bin/biome');
    const args = [
      biome,
      'lint',
      '--reporter=github',
      '--max-diagnostics=none',
      '--only=style/noRestrictedImports',
      '.',
    ];
    const { stdout } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
    return new Set(
      [...stdout.matchAll(/\/(\w+)\/imports-(\w+)\.ts,/g)].map(([, folder, other]) => `${folder} → ${other}`),
    );
  } finally {
    rmSync(project, { recursive: true });
  }
}

describe('import rules', () => {
  const refused = findRefused();
  for (const folder of folders)
    test(`${folder} may import ${allowed[folder].join(', ') || 'nothing'}`, () => {
      for (const other of folders) {
        const isAllowed = other === folder || allowed[folder].includes(other);
        assert.equal(refused.has(`${folder} → ${other}`), !isAllowed, `${folder} → ${other}`);
      }
    });
});
