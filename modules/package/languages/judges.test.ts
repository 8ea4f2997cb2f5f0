/** The tools of each language, asked about this machine. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import { askBelow } from '../testing/system.ts';

function outputOf(command: string, ...flags: readonly string[]): string | undefined {
  const { stdout, status } = spawnSync(command, flags, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return status === 0 ? stdout : undefined;
}

/** Name and version of each, sorted, once. */
async function found(type: string, folder: string, isMeant: (path: string) => boolean): Promise<readonly string[]> {
  const { hits } = await askBelow('/').ask({ types: [type], roots: [folder], options: { matchlimit: 0 } });
  const meant = hits.filter(({ path }) => isMeant(String(path)));
  return [...new Set(meant.map(({ name, version }) => `${name} ${version}`))].sort();
}

const site = outputOf('python3', '-c', 'import site; print(site.getsitepackages()[0])')?.trim();
const pip = site && outputOf('python3', '-m', 'pip', 'list', '--format', 'json', '--path', site);
const npmFolder = outputOf('npm', 'root', '-g')?.trim();
const npm = npmFolder && outputOf('npm', 'ls', '-g', '--all', '--parseable', '--long');
const goProgram = outputOf('go', 'version') && outputOf('sh', '-c', 'command -v gofmt')?.trim();
const go = goProgram && outputOf('go', 'version', '-m', goProgram);

describe('packages of this machine', () => {
  it('are for Python those of pip', { skip: !pip && 'needs python3 with pip' }, async () => {
    const list: readonly { readonly name: string; readonly version: string }[] = JSON.parse(String(pip));
    assert.deepEqual(
      await found('pip', String(site), (path) => dirname(dirname(path)) === site),
      [...new Set(list.map(({ name, version }) => `${name} ${version}`))].sort(),
    );
  });

  it('are for npm those of npm', { skip: !npm && 'needs npm' }, async () => {
    // `PATH:NAME@VERSION`, the folder of all first.
    const list = [...String(npm).matchAll(/:((?:@[^@/]+\/)?[^@/:]+)@([^:\n]+)/g)].map(
      ([, name, version]) => `${name} ${version}`,
    );
    assert.deepEqual(await found('npm', String(npmFolder), () => true), [...new Set(list)].sort());
  });

  it('are for Go those of its own tool', { skip: !go && 'needs go' }, async () => {
    const version = /: (go\S+)/.exec(String(go))?.[1];
    const modules = [...String(go).matchAll(/^\t(?:mod|dep)\t(\S+)\t(\S+)/gm)].map(([, name, of]) => `${name} ${of}`);
    const [path = ''] = [String(goProgram)];
    assert.deepEqual(await found('go', dirname(path), (one) => one === path), [`stdlib ${version}`, ...modules].sort());
  });
});
