/** Regular expressions on content: over many small files, and over one large one. */
import { needle } from '../corpus.ts';
import type { Comparison, Measurement, Row } from '../row.ts';

const twenty = [
  'Mimikatz',
  'Sekurlsa',
  'LsaDump',
  'PsExecSvc',
  'BloodHound',
  'SharpHound',
  'Rubeus',
  'Kerberoast',
  'Certify',
  'Seatbelt',
  'CobaltStrike',
  'Meterpreter',
  'Empire-Agent',
  'PowerSploit',
  'Invoke-Shellcode',
  'XmRig',
  'CoinHive',
  'NetWire',
  'AKIA0123456789ABCDEF',
  'QakBot',
];

/** Each finds the one match at the end: everything must be read. */
const patterns = {
  literal: needle,
  'twenty-literals': twenty.join('|'),
  classes: '(?i)akia[0-9a-f]{16}\\s*[-:=]\\s*[^ ]{4,}',
  'no-prefix': '[0-9]{2}[0-9A-F]{6,}-ne+dle\\b',
} as const;

function ask(pattern: string, matches: number): Comparison['ours'] {
  const search = { paths: ['$corpus'], contents: [pattern], options: { matchall: true, matchlimit: 0 } };
  return { module: 'file', parameters: { searches: { s1: search } }, hits: matches };
}

const overMany = Object.entries(patterns).map(
  ([name, pattern]): Comparison => ({
    kind: 'comparison',
    name: `content-many-${name}`,
    corpus: 'many',
    ours: ask(pattern, 1),
    peers: [{ name: 'rg', debian: 'ripgrep', command: ['rg', '-uuu', '-j2', '-l', '-e', pattern, '$corpus'] }],
    goal: 0.75,
  }),
);

const overText = Object.entries(patterns).map(
  ([name, pattern]): Comparison => ({
    kind: 'comparison',
    name: `content-text-${name}`,
    corpus: 'text',
    ours: ask(pattern, 1),
    peers: [
      {
        name: 'rg --no-mmap',
        debian: 'ripgrep',
        command: ['rg', '-uuu', '--no-mmap', '-l', '-e', pattern, '$corpus/all.txt'],
      },
    ],
    goal: 1,
  }),
);

/** Twice the bytes may take twice the time: a backtracking engine would not end at all. */
const linear: Measurement = {
  kind: 'measurement',
  name: 'content-exploding-pattern',
  corpora: ['repeats'],
  unit: 'CPU s of 32 MB beside 16 MB',
  goal: 2.2,
  async measure({ ask: run, corpus }) {
    const folder = corpus('repeats');
    const one = await run(ask('^(a+a+)+b$', 0), `${folder}/one`);
    const two = await run(ask('^(a+a+)+b$', 0), `${folder}/two`);
    return { ours: two.cpuSeconds, peer: one.cpuSeconds };
  },
};

export const rows: readonly Row[] = [...overMany, ...overText, linear];
