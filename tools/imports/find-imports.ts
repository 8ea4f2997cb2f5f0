/** Finds the imports between folders, types included. The linter's rules for single files do not show them. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const product = ['protocol', 'host', 'native', 'modules', 'server', 'investigator', 'agent', 'builder'];

export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** One of its imports. */
  readonly example: string;
}

const importPattern =
  /^(?:import|export)\b[^'";]*?\bfrom\s+'(\.[^']+)'|\bimport\(\s*'(\.[^']+)'\s*\)|^import '(\.[^']+)'/gm;

/** Two deep: `agent/verify`, or the file `agent/daemon.ts`, which puts folders together. */
function toFolder(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

/** The imports between the product's folders, without tests and their helpers. */
export function findArrows(root: string): Arrow[] {
  const arrows = new Map<string, Arrow>();
  const patterns = product.map((folder) => `${folder}/**/*.ts`);
  for (const file of globSync(patterns, { cwd: root }).sort()) {
    if (/\.(?:test|bench|long|generated)\.ts$|\/(?:testing|fixtures|build)\//.test(file)) continue;
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, ...paths] of text.matchAll(importPattern)) {
      const imported = normalize(join(dirname(file), paths.find((path) => path !== undefined) ?? ''));
      const [from, to] = [toFolder(file), toFolder(imported)];
      const key = `${from} ${to}`;
      if (from !== to && !arrows.has(key)) arrows.set(key, { from, to, example: `${file} → ${imported}` });
    }
  }
  return [...arrows.values()];
}

/** The length of the longest path down from each folder; folders of a circle have none. */
export function toLevels(arrows: readonly Arrow[]): Map<string, number> {
  const levels = new Map<string, number>();
  const waiting = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  for (let before = -1; waiting.size !== before; ) {
    before = waiting.size;
    for (const folder of waiting) {
      const below = arrows.filter(({ from }) => from === folder).map(({ to }) => levels.get(to));
      if (below.includes(undefined)) continue;
      levels.set(folder, Math.max(0, ...below.map((level = 0) => level + 1)));
      waiting.delete(folder);
    }
  }
  return levels;
}

/** Arrows from whose end their beginning can be reached. */
export function findCircles(arrows: readonly Arrow[]): Arrow[] {
  const reaches = (from: string, wanted: string): boolean => {
    const seen = new Set([from]);
    for (const folder of seen) for (const { from: next, to } of arrows) if (next === folder) seen.add(to);
    return seen.has(wanted);
  };
  return arrows.filter(({ from, to }) => reaches(to, from));
}
