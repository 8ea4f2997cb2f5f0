/** How often something is in the logs: the parameters and the answer. No class of answer has a line of a log. */

import { defineModule, type ParametersOf } from '../kit/define-module.ts';
import { choice, choices, matchLimit, number, onSwitch, regexes, value, values } from '../kit/fields.ts';
import { columns, LogElement, toCountLine, toNamesOnly } from './element.ts';
import { checkSearch, toSources } from './question/check-search.ts';
import { byField, fieldTests } from './question/fields.ts';
import { isMoment } from './question/moment.ts';
import { priorities } from './question/priorities.ts';
import { sources } from './question/sources.ts';

function moment(flag: 'since' | 'until', help: string, example: string) {
  const expected = 'an age such as 7d (s m h d w) or a time in UTC such as 2026-01-31 or 2026-01-31T07:00';
  return value('time', { flag, help, example, isValid: isMoment, expected, discloses: 'metadata' });
}

function names(flag: string, help: string, example: string) {
  return values('text', {
    flag,
    value: 'name',
    help,
    example,
    isValid: (text) => /^[^\s\0]{1,256}$/.test(text),
    expected: 'a name without blanks',
    most: 64,
    discloses: 'metadata',
  });
}

export const module = defineModule({
  name: 'log',
  summary: 'How often is this in the logs, when first and last, and by which value?',
  platforms: ['linux'],
  needs: ['files', 'processes', 'unpackers'],
  search: {
    sources: choices({
      flag: 'source',
      of: sources,
      help: `Where to look: ${sources.join(', ')}; without this flag journal and text. login, failed and last are the records of wtmp, btmp, lastlog and their successors.`,
      example: '-source failed',
      discloses: 'nothing',
    }),
    paths: values('path', {
      flag: 'path',
      help: 'Text logs at these places, with their rotated and packed siblings; * ? [] within a name, ** for any number of names. Without it /var/log/**.',
      example: "-path '/var/log/nginx/*.log'",
      isValid: (text) => /^\/[^\0]*[^/\0]$/.test(text) && !/(?:^|\/)\.\.?(?:\/|$)/.test(text),
      expected: 'an absolute path without . and ..',
      most: 64,
      mostCharacters: 1024,
      discloses: 'names',
    }),
    contents: regexes({
      flag: 'content',
      help: 'Line of a text log, message of the journal or record of audit matches; !regex: does not. All must hold.',
      example: "-content 'segfault at'",
      most: 64,
      negates: true,
      discloses: 'content',
      advice: 'text',
      engine: 'lines',
    }),
    since: moment('since', 'Written within this time span, or since this day or moment.', '-since 7d'),
    until: moment('until', 'Written before this time span, or until this day or moment.', '-until 2026-01-31'),
    units: names('unit', 'Of one of these units of systemd.', '-unit ssh.service'),
    identifiers: names('identifier', 'Of one of these programs, as they call themselves.', '-identifier sshd'),
    priority: choice({
      flag: 'priority',
      of: priorities,
      help: 'Of this priority or a more urgent one. Most text logs have none.',
      example: '-priority err',
      discloses: 'metadata',
    }),
    signs: onSwitch({
      flag: 'signs',
      help: 'Instead of entries: holes and what looks altered, such as numbers that no entry has, records of zeros, times that run backwards, damaged files, and deleted logs that are still open.',
      discloses: 'metadata',
    }),
    fields: fieldTests,
    by: byField,
  },
  options: {
    top: number({
      flag: 'top',
      value: 'values',
      unit: 'values',
      fallback: 20,
      most: 1000,
      help: 'Lists this many values with -by, the most frequent; the others are counted together; 20 without this flag.',
    }),
    mincount: number({
      flag: 'mincount',
      value: 'entries',
      unit: 'entries',
      fallback: 1,
      help: 'Values with fewer entries are counted together with -by; 1 without this flag.',
    }),
    accounts: onSwitch({
      flag: 'accounts',
      help: 'Only values of -by that are accounts of this machine.',
      discloses: 'names',
    }),
    matchlimit: matchLimit('rows'),
  },
  needsOf: (search) => [
    'files',
    ...(search.signs ? (['processes'] as const) : []),
    ...(toSources(search).includes('text') ? (['unpackers'] as const) : []),
  ],
  checkSearch,
  choosesAnswer: { toNamesOnly },
  element: LogElement,
  columns,
  key: ['source', 'sign', 'value'],
  toCountLine,
  counts: {
    matched: { help: 'Entries that fit.' },
    first: { help: 'When the first of them was written, since 1970.', unit: 'seconds' },
    last: { help: 'When the last of them was written, since 1970.', unit: 'seconds' },
  },
  examples: [
    {
      command: "mig log -t all -content 'Failed password' -since 7d -by 'from (?P<address>\\S+) port'",
      says: 'counts the addresses from which passwords were tried in the last seven days.',
    },
    {
      command: 'mig log -t all -source failed -by account -since 30d',
      says: 'counts the accounts that were tried in vain; names that are no account here are counted together.',
    },
    {
      command: 'mig log -t all -source login -by address -stack value',
      says: 'counts the machines into which somebody came from each address, the rarest first.',
    },
    {
      command: 'mig log -t all -source journal -priority err -since 1d -by unit',
      says: 'counts the errors of each unit.',
    },
    {
      command: 'mig log -t all -source audit -field key=identity -by exe',
      says: 'counts the programs that touched what the rules of that key watch.',
    },
    {
      command: "mig log -t all -path '/var/log/nginx/*.log' -content 'jndi:ldap' -answer count",
      says: 'finds machines that were tried, how often and when, without a word of what was sent.',
    },
    { command: 'mig log -t all -signs', says: 'finds holes in logs, and what looks altered.' },
  ],
});

export type LogParameters = ParametersOf<typeof module>;
export type Search = LogParameters['searches'][string];
