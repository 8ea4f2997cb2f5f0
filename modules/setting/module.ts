/** Which value a setting has: its parameters and its answer. */
import * as z from 'zod';
import { type Cell, type Column, toCellText } from '../kit/column.ts';
import { defineModule, type ParametersOf } from '../kit/define-module.ts';
import { choice, matchLimit, onSwitch } from '../kit/fields.ts';
import { adviseOnWhen } from './advice.ts';
import { conditions } from './conditions-field.ts';
import { toSearchOfTimedrift } from './former-timedrift.ts';
import { needsOfConditions } from './needs.ts';

const Value = z.union([z.string(), z.array(z.string())]);

export const SettingElement = z.strictObject({
  key: z.string(),
  holds: z.enum(['yes', 'no', 'unknown', 'inapplicable']),
  /** Null when nothing sets it; absent when it is not told. */
  now: Value.nullable().optional(),
  boot: Value.nullable().optional(),
  /** Of those that nothing sets, the ones that have a program's own default then. */
  defaults: z.array(z.enum(['now', 'boot'])).optional(),
  from: z.strictObject({ path: z.string(), line: z.int().optional() }).optional(),
  /** Of `unknown`: the reason, as in a receipt. */
  why: z.string().optional(),
});
export type SettingElement = z.infer<typeof SettingElement>;

function toCell(element: SettingElement, when: 'now' | 'boot'): Cell {
  const value = element[when];
  if (value !== null) return value;
  return element.defaults?.includes(when) === true ? '(default)' : '(unset)';
}

/** Empty when it is that of now. */
function toBootText(element: SettingElement): string {
  const [now, boot] = [toCellText(toCell(element, 'now')), toCellText(toCell(element, 'boot'))];
  return now === boot ? '' : boot;
}

const columns: readonly Column<SettingElement>[] = [
  { name: 'key', kind: 'text', line: 'head', help: 'Setting.', discloses: 'names', value: ({ key }) => key },
  {
    name: 'holds',
    kind: 'choice',
    line: 'detail',
    help: 'Whether the conditions on it hold.',
    discloses: 'names',
    value: ({ holds }) => holds,
    toText: ({ holds }) => (holds === 'yes' ? '' : holds),
  },
  {
    name: 'now',
    kind: 'list',
    line: 'detail',
    help: 'Value now.',
    discloses: 'metadata',
    value: (element) => toCell(element, 'now'),
  },
  {
    name: 'boot',
    kind: 'list',
    line: 'detail',
    help: 'Value after a reboot; the line only has it when it differs.',
    discloses: 'metadata',
    value: (element) => toCell(element, 'boot'),
    toText: toBootText,
  },
  {
    name: 'path',
    kind: 'path',
    line: 'detail',
    title: 'from',
    help: 'File that sets it.',
    discloses: 'names',
    value: ({ from }) => from?.path,
    toText: ({ from }) => (from === undefined ? '' : from.line === undefined ? from.path : `${from.path}:${from.line}`),
  },
  {
    name: 'line',
    kind: 'number',
    line: 'none',
    help: 'Line of that file.',
    discloses: 'names',
    value: ({ from }) => from?.line,
  },
  {
    name: 'why',
    kind: 'text',
    line: 'detail',
    help: 'Why it is unknown whether they hold.',
    discloses: 'metadata',
    value: ({ why }) => why,
  },
];

export const module = defineModule({
  name: 'setting',
  summary: 'Which value has this setting now, which after a reboot, and which line sets it?',
  platforms: ['linux'],
  needs: ['files', 'clock'],
  former: { modules: { timedrift: { toSearch: toSearchOfTimedrift } } },
  needsOf: ({ settings }) => needsOfConditions(settings),
  search: {
    settings: conditions,
    when: choice({
      flag: 'when',
      of: ['now', 'boot', 'both'],
      help: 'Whether conditions are on the value now, on the one after a reboot, or on both; now without this flag.',
      example: '-when boot',
      discloses: 'nothing',
    }),
  },
  options: {
    verdicts: onSwitch({
      flag: 'verdicts',
      help: 'Lists every setting that was asked for, with whether its conditions hold, and why that is unknown.',
      discloses: 'metadata',
    }),
    matchlimit: matchLimit('settings'),
  },
  needsOne: ['settings'],
  advise: ({ settings, when }) => adviseOnWhen(settings, when ?? 'now'),
  choosesAnswer: {
    toNamesOnly: ({ key, holds, from }) => ({ key, holds, ...(from === undefined ? {} : { from }) }),
  },
  element: SettingElement,
  columns,
  key: ['key', 'now', 'boot', 'path', 'line'],
  counts: { examined: { help: 'Settings that were looked up.' } },
  examples: [
    {
      command: "mig setting -t all -setting 'sysctl:net.ipv4.ip_forward != 0'",
      says: 'finds machines that forward packets now.',
    },
    {
      command: "mig setting -t all -setting 'sysctl:net.ipv4.ip_forward now!=boot'",
      says: 'finds machines where a reboot would change that, and the lines that do.',
    },
    {
      command: "mig setting -t all -setting 'mount:/tmp != noexec' -when both",
      says: 'finds machines where programs run from /tmp, now and after a reboot.',
    },
    {
      command: "mig setting -t all -setting 'cpu:* ~ ^Vulnerable' -setting 'os:machinetype != container'",
      says: 'finds processors with a weakness that the kernel does nothing about.',
    },
    {
      command: "mig setting -t all -setting 'clock:synchronised != yes'",
      says: 'finds machines whose clock nobody keeps.',
    },
    {
      command: "mig setting -t all -setting 'os:id = debian' -setting 'os:kernel < 6.1.0-18' -setting os:uptime",
      says: 'finds Debian systems that run an old kernel, and for how long.',
    },
    {
      command: 'mig setting -t all -setting lsm:selinux -stack now,boot',
      says: 'counts the modes of SELinux, the rarest first.',
    },
  ],
});

export type SettingParameters = ParametersOf<typeof module>;
