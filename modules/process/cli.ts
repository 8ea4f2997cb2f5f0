/** The investigator's side of the process module: flags in, lines out. */
import { CodedError } from '../../protocol/coded-error.ts';
import type { Flag, FlagValues, ModuleCli } from '../contract.ts';
import { toCountLine } from '../shared/count-line.ts';
import { describeCapabilities } from './capabilities.ts';
import { type ProcessElement, ProcessElements, ProcessParameters } from './spec.ts';

/** The one search that flags describe. */
const label = 's1';

/** Flags by parameter. */
const filters = {
  name: 'names',
  cmd: 'cmds',
  exe: 'exes',
  user: 'users',
  ppid: 'ppids',
  sha2: 'sha2',
  deleted: 'deleted',
  olderthan: 'olderthan',
  newerthan: 'newerthan',
  description: 'description',
} as const;
const options = ['matchlimit', 'returnsha256'] as const;

function list(name: string, value: string, help: string, example: string): Flag {
  return { name, kind: 'string', repeatable: true, value, help, example };
}

const flags: readonly Flag[] = [
  list(
    'name',
    'regex',
    'Name matches; !regex: does not. All filters must hold; without any, all are listed.',
    "-name '^sshd$'",
  ),
  list('cmd', 'regex', 'Arguments, with a blank between them, match; !regex: do not.', "-cmd 'base64 -d'"),
  list('exe', 'regex', 'Path of the executable matches; !regex: does not.', "-exe '^/(tmp|dev/shm)/'"),
  list('user', 'regex', 'Name or number of the user matches; !regex: does not.', "-user '!^root$'"),
  list('ppid', 'number', 'Parent is one of these processes.', '-ppid 1'),
  list(
    'sha2',
    'hex',
    'Executable has one of these SHA-2 digests, also when it was deleted.',
    '-sha2 e3b0c44298fc1c14…',
  ),
  { name: 'deleted', kind: 'boolean', help: 'Executable was deleted or replaced, or never was on disk (memfd).' },
  { name: 'olderthan', kind: 'string', value: 'age', help: 'Started earlier than so long ago; s m h d w.' },
  {
    name: 'newerthan',
    kind: 'string',
    value: 'age',
    help: 'Started within so long; s m h d w.',
    example: '-newerthan 10m',
  },
  { name: 'returnsha256', kind: 'boolean', help: 'Adds the SHA-256 of each executable.' },
  {
    name: 'matchlimit',
    kind: 'number',
    value: 'hits',
    help: 'Ends after so many hits, 0 for no limit; 1000 without this flag.',
  },
  { name: 'description', kind: 'string', value: 'text', help: 'Says why, for those who read the action.' },
];

function usage(message: string): CodedError {
  return new CodedError('usage', message, { hint: 'mig process -h shows the flags' });
}

/** The flag that a parameter came from: `searches.s1.names.0` is `-name`. */
function flagOf(path: readonly PropertyKey[]): string {
  const [, , parameter, option] = path;
  const known = Object.entries(filters).find(([, name]) => name === parameter);
  return `-${known?.[0] ?? String(option ?? parameter)}`;
}

/** Digits become a number; anything else is left for the schema to refuse. */
function toNumbers(value: FlagValues[string]): readonly (number | string)[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.map((text: string) => (/^\d{1,10}$/.test(text) ? Number(text) : text));
}

function toParameters(values: FlagValues): ProcessParameters {
  const given = Object.entries(filters).flatMap(([flag, parameter]) => {
    const value = flag === 'ppid' ? toNumbers(values.ppid) : values[flag];
    return value === undefined ? [] : [[parameter, value]];
  });
  const chosen = options.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]]));
  const search = { ...Object.fromEntries(given), options: Object.fromEntries(chosen) };
  const checked = ProcessParameters.safeParse({ searches: { [label]: search } });
  if (checked.success) return checked.data;
  throw usage(checked.error.issues.map((issue) => `${flagOf(issue.path)}: ${issue.message}`).join('\n'));
}

function toPorts({ listening = [] }: ProcessElement): string {
  return listening
    .map(({ protocol, address, port }) => `${protocol}/${address.includes(':') ? `[${address}]` : address}:${port}`)
    .join(' ');
}

function toDetails(element: ProcessElement): string {
  const details = {
    ppid: String(element.ppid),
    user: element.user,
    started: element.started,
    exe: element.exe,
    executable: element.deleted === 'memory' ? 'never on disk' : element.deleted,
    sha256: element.sha256,
    container: element.container,
    capabilities: describeCapabilities(element.capabilities ?? []),
    listening: toPorts(element),
    cmd: element.cmd,
  };
  return Object.entries(details)
    .flatMap(([key, value]) => (value === undefined || value === null || value === '' ? [] : [`${key}:${value}`]))
    .join(', ');
}

export const cli: ModuleCli<ProcessParameters> = {
  flags,
  toParameters,
  *toLines(result) {
    const searches = Object.entries(ProcessElements.parse(result.elements));
    if (searches.length === 0) yield* toCountLine(result);
    for (const [name, found] of searches) {
      for (const element of found) yield `${element.pid} ${element.name} [${toDetails(element)}] in search '${name}'`;
    }
  },
  examples: [
    { command: 'mig process -t all -deleted', says: 'finds what runs but is not on disk any more.' },
    {
      command: "mig process -t all -exe '^/(tmp|var/tmp|dev/shm)/' -returnsha256",
      says: 'finds what runs from places where anybody may write.',
    },
    { command: 'mig process -t all -sha2 <hex>', says: 'finds an executable by its digest while it runs.' },
    {
      command: "mig process -t all -cmd 'curl.*\\| *(ba)?sh' -newerthan 1d",
      says: 'finds what was piped into a shell today.',
    },
  ],
};
