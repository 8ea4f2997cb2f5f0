/** Walking a tree: names alone, then the fields of a stat. */
import type { Row } from '../row.ts';

function search(filters: object): unknown {
  return { searches: { s1: { paths: ['$corpus'], ...filters, options: { matchall: true, matchlimit: 0 } } } };
}

export const rows: readonly Row[] = [
  {
    kind: 'comparison',
    name: 'names',
    corpus: 'many',
    ours: { module: 'file', parameters: search({ names: ['^absent.*\\.txt$'] }), hits: 0 },
    peers: [
      { name: 'find', debian: 'findutils', command: ['find', '$corpus', '-name', 'absent*.txt'] },
      { name: 'fd', debian: 'fd-find', command: ['fdfind', '-u', '-j2', '^absent.*\\.txt$', '$corpus'] },
    ],
    goal: 0.8,
  },
  {
    kind: 'comparison',
    name: 'names-size-mode-mtime',
    corpus: 'many',
    ours: {
      module: 'file',
      parameters: search({ names: ['\\.txt$'], sizes: ['<10m'], modes: ['^-rwx'], mtimes: ['<3650d'] }),
      hits: 0,
    },
    peers: [
      {
        name: 'find',
        debian: 'findutils',
        command: [
          'find',
          '$corpus',
          '-name',
          '*.txt',
          '-size',
          '-10M',
          '-perm',
          '-700',
          '-mtime',
          '-3650',
          '-type',
          'f',
        ],
      },
    ],
    goal: 1,
  },
  {
    kind: 'comparison',
    name: 'size-mode-mtime',
    corpus: 'many',
    ours: {
      module: 'file',
      parameters: search({ sizes: ['<10m'], modes: ['^-rwx'], mtimes: ['<3650d'] }),
      hits: 0,
    },
    peers: [
      {
        name: 'find',
        debian: 'findutils',
        command: ['find', '$corpus', '-size', '-10M', '-perm', '-700', '-mtime', '-3650', '-type', 'f'],
      },
    ],
    goal: 1,
  },
];
