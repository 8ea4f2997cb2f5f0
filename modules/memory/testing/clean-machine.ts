/**
 * A clean machine: a PID namespace with ordinary programs, including some that generate code, as far as they are
 * installed. Prints their names and the findings of `memory` as JSON.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rareSigns, type SignName } from '../signs.ts';
import { ask } from './ask.ts';

interface Program {
  readonly name: string;
  readonly command: readonly string[];
}

/** Each prints a line when it is ready, then waits. */
const programs: readonly Program[] = [
  { name: 'sh', command: ['sh', '-c', 'echo; read line; read line'] },
  { name: 'perl', command: ['perl', '-e', '$| = 1; print "\\n"; 1 while <STDIN>'] },
  { name: 'node', command: [process.execPath, '-e', 'console.log(); process.stdin.resume()'] },
  {
    name: 'python with a closure',
    command: [
      'python3',
      '-c',
      'import ctypes, sys; f = ctypes.CFUNCTYPE(None)(lambda: print(flush=True)); f(); sys.stdin.read()',
    ],
  },
  { name: 'grep with a compiled pattern', command: ['grep', '--line-buffered', '-P', 'a(?:b|c)+d'] },
];

/** Whether it runs; false when it is not installed. */
async function start({ command }: Program): Promise<boolean> {
  const [file = '', ...parameters] = command;
  const child = spawn(file, parameters, { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => undefined);
  child.stdin.write('abcd\n');
  const ended = Promise.race([once(child, 'error'), once(child, 'exit')]).then(() => false);
  return Promise.race([once(child.stdout, 'data').then(() => true), ended]);
}

async function find(signs: readonly SignName[]): Promise<string[]> {
  const { hits } = await ask({ signs: [...signs] });
  return hits.flatMap(({ process: { name }, search }) =>
    (search.signs ?? []).map(({ value, detail }) => `${name}: ${value}, ${detail}`),
  );
}

const started = [];
for (const program of programs) if (await start(program)) started.push(program.name);
const { statistics } = await ask({ names: ['.'] });
const result = {
  started,
  processes: statistics.processcount,
  rare: await find(rareSigns),
  jit: await find(['jit-code']),
};
process.stdout.write(JSON.stringify(result), () => process.exit(0));
