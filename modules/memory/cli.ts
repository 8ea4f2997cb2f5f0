/** The investigator's side of the memory module: flags in, lines out. */
import { CodedError } from '../../protocol/coded-error.ts';
import type { Flag, FlagValues, ModuleCli } from '../contract.ts';
import { toCountLine } from '../shared/count-line.ts';
import { rareSigns, signNames } from './signs.ts';
import { type MemoryElement, MemoryElements, MemoryParameters } from './spec.ts';

/** The one search that flags describe. */
const label = 's1';

/** Parameters by flag. */
const filters = {
  name: 'names',
  lib: 'libraries',
  bytes: 'bytes',
  content: 'contents',
  sign: 'signs',
  description: 'description',
} as const;
const options = ['matchlimit', 'offset', 'maxlength', 'logfailures'] as const;

function list(name: string, value: string, help: string, example: string): Flag {
  return { name, kind: 'string', repeatable: true, value, help, example };
}

const flags: readonly Flag[] = [
  list('name', 'regex', 'Name of the process, or path of its executable, matches.', "-name '/sshd$'"),
  list('lib', 'regex', 'Path of a mapped file matches.', "-lib 'libcrypto\\.so\\.1\\.0'"),
  list('bytes', 'hex', 'Has these bytes in memory, ?? for any byte.', "-bytes '4d5a??00'"),
  list('content', 'regex', 'Has a match in memory.', "-content 'AKIA[0-9A-Z]{16}'"),
  list(
    'sign',
    'sign',
    `Shows a sign of an implant: ${signNames.join(', ')}; or all, but jit-code and replaced-code.`,
    '-sign all',
  ),
  { name: 'matchall', kind: 'boolean', help: 'A process must match all filters; so it is without this flag.' },
  {
    name: 'matchany',
    kind: 'boolean',
    help: 'Each filter counts on its own; then all memory of all processes is read.',
  },
  {
    name: 'matchlimit',
    kind: 'number',
    value: 'hits',
    help: 'Ends after so many processes, 0 for no limit; 1000 without this flag.',
  },
  {
    name: 'offset',
    kind: 'number',
    value: 'address',
    help: 'Address in each process at which to begin; 0 without this flag.',
  },
  {
    name: 'maxlength',
    kind: 'number',
    value: 'bytes',
    help: 'Looks at so many bytes of each process, 0 for all; 0 without this flag.',
  },
  {
    name: 'logfailures',
    kind: 'boolean',
    help: 'Says for each process that could not be looked at why. All are counted.',
  },
  { name: 'description', kind: 'string', value: 'text', help: 'Says why, for those who read the action.' },
];

function usage(message: string): CodedError {
  return new CodedError('usage', message, { hint: 'mig memory -h shows the flags' });
}

/** The flag that a parameter came from: `searches.s1.bytes.0` is `-bytes`. */
function flagOf(path: readonly PropertyKey[]): string {
  const [, , parameter, option] = path;
  const known = Object.entries(filters).find(([, name]) => name === parameter);
  const name = known?.[0] ?? (parameter === 'options' ? option : parameter);
  return name === undefined ? '' : `-${String(name)}: `;
}

function toSigns(value: FlagValues[string]): FlagValues[string] {
  return Array.isArray(value) && value.includes('all')
    ? [...new Set([...value, ...rareSigns])].filter((name) => name !== 'all')
    : value;
}

function toParameters(values: FlagValues): MemoryParameters {
  if (values.matchall === true && values.matchany === true) throw usage('expected -matchall or -matchany, got both');
  const given = Object.entries(filters).flatMap(([flag, parameter]) => {
    const value = flag === 'sign' ? toSigns(values.sign) : values[flag];
    return value === undefined ? [] : [[parameter, value]];
  });
  const chosen = options.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]]));
  const matchall = values.matchany !== true && values.matchall !== false;
  const search = { ...Object.fromEntries(given), options: { matchall, ...Object.fromEntries(chosen) } };
  const checked = MemoryParameters.safeParse({ searches: { [label]: search } });
  if (checked.success) return checked.data;
  throw usage(checked.error.issues.map((issue) => `${flagOf(issue.path)}${issue.message}`).join('\n'));
}

function toReasons(search: MemoryElement['search']): string {
  return Object.entries(search)
    .flatMap(([filter, matches]) =>
      matches.map(({ value, mapping, detail }) => {
        const where = mapping === undefined ? '' : ` in ${mapping} memory`;
        return `${filter} '${value}'${where}${detail === undefined ? '' : ` (${detail})`}`;
      }),
    )
    .join(', ');
}

export const cli: ModuleCli<MemoryParameters> = {
  flags,
  toParameters,
  *toLines(result) {
    const searches = Object.entries(MemoryElements.parse(result.elements));
    if (searches.length === 0) yield* toCountLine(result);
    for (const [name, found] of searches) {
      for (const { process, search } of found) {
        const path = process.path === null ? '' : ` [path:${process.path}]`;
        yield `${process.pid} ${process.name}${path} in search '${name}' on ${toReasons(search)}`;
      }
    }
  },
  examples: [
    { command: 'mig memory -t all -sign all', says: 'finds processes that show a sign of an implant.' },
    { command: "mig memory -t all -bytes '4d5a9000??000000'", says: 'finds processes that hold these bytes.' },
    {
      command: "mig memory -t all -name '/java$' -content 'jndi:(ldap|rmi)://'",
      says: 'finds Java processes with such a text in memory.',
    },
    { command: "mig memory -t all -lib 'liblzma\\.so\\.5\\.6\\.[01]$'", says: 'finds processes that use a library.' },
  ],
};
