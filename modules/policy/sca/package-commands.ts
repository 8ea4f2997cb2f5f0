/** Commands that ask a package manager for packages by name. */
import type { Expression } from '../document/expression.ts';
import { type Minterm, toMatcher } from './minterms.ts';
import { Untranslated } from './untranslated.ts';

/** What the command prints of a package in each state. */
interface Printed {
  readonly installed: readonly (readonly string[])[];
  readonly held: readonly string[];
  readonly removed: readonly string[];
  readonly missing: readonly string[];
}

function printedByDpkg(status: (words: string, last: string) => readonly string[], missing: string): Printed {
  return {
    installed: [status('install ok installed', 'installed')],
    held: status('hold ok installed', 'installed'),
    removed: status('deinstall ok config-files', 'config-files'),
    missing: [missing],
  };
}

const forms: readonly {
  readonly command: RegExp;
  readonly type: 'dpkg' | 'rpm';
  readonly print: (name: string) => Printed;
}[] = [
  {
    command: /^(?:\/usr\/bin\/)?rpm -q((?: [\w.+-]+)+)$/,
    type: 'rpm',
    print: (name) => {
      const [first, second] = [[`${name}-1.2.3-4.el8.x86_64`], [`${name}-20240101-1.noarch`]];
      return { installed: [first, second], held: first, removed: first, missing: [`package ${name} is not installed`] };
    },
  },
  {
    command: /^dpkg(?:-query)? -s((?: [\w.+-]+)+)$/,
    type: 'dpkg',
    print: (name) =>
      printedByDpkg(
        (words) => [`Package: ${name}`, `Status: ${words}`, 'Version: 1.2.3-4'],
        `dpkg-query: package '${name}' is not installed and no information is available`,
      ),
  },
  {
    command: /^dpkg-query -W -f='\$\{binary:Package\}\\t\$\{Status\}\\t\$\{db:Status-Status\}\\n'((?: [\w.+-]+)+)$/,
    type: 'dpkg',
    print: (name) =>
      printedByDpkg((words, last) => [`${name}\t${words}\t${last}`], `dpkg-query: no packages found matching ${name}`),
  },
];

/** Such patterns match words of the state, and nothing that a description of a package may have. */
const aboutState = /ok installed|not installed|no packages found|config-files/i;

const namesOf = (name: string): readonly string[] => [`^${name.replaceAll(/[.+]/g, '\\$&')}$`];

function toExpression(
  name: string,
  type: 'dpkg' | 'rpm',
  printed: Printed,
  minterms: readonly Minterm[],
): readonly Expression[] {
  const matches = toMatcher(minterms);
  const inEach = printed.installed.map(matches);
  const whereInstalled = inEach[0] === true;
  if (inEach.some((one) => one !== whereInstalled)) throw new Untranslated('a pattern on the version of a package');
  const whereMissing = matches(printed.missing);
  const states = [
    ['installed', whereInstalled],
    ...(type === 'rpm'
      ? []
      : ([
          ['held', matches(printed.held)],
          ['removed', matches(printed.removed)],
        ] as const)),
  ] as const;
  const statuses = states.filter(([, fits]) => fits).map(([status]) => status);
  if (statuses.length === 0 && !whereMissing) throw new Untranslated('a pattern that no output of this command has');
  const names = namesOf(name);
  const ofType = { names, types: [type] };
  const known = type === 'rpm' ? ofType : { ...ofType, statuses: ['installed', 'held', 'removed', 'broken'] };
  return [
    ...(statuses.length === 0 ? [] : [{ found: { package: type === 'rpm' ? ofType : { ...ofType, statuses } } }]),
    ...(whereMissing ? [{ missing: { package: known } }] : []),
  ];
}

/** Undefined for other commands. @throws Untranslated */
export function toPackageCheck(command: string, minterms: readonly Minterm[]): Expression | undefined {
  for (const { command: form, type, print } of forms) {
    const names = form.exec(command)?.[1]?.trim().split(' ');
    if (names === undefined) continue;
    const text = minterms.map((minterm) => minterm.pattern).join(' ');
    if (type === 'dpkg' && !aboutState.test(text)) throw new Untranslated('a pattern on what a package says of itself');
    if (minterms.some(({ isNegated }) => isNegated) && (minterms.length === 1 || type === 'dpkg'))
      throw new Untranslated('a pattern that no line of this output matches');
    const parts = names.flatMap((name) => toExpression(name, type, print(name), minterms));
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { any: parts };
  }
  return undefined;
}
