/** Values of sshd's settings as `sshd -T` prints them, so that two ways to write one value are equal. */
import type { Setting } from '../../../kit/sshd/config.ts';
import type { ValueForm } from './keywords.ts';

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `1h30m` is 5400 seconds; as written where it is no span of time. @see TIME FORMATS in sshd_config(5) */
function toSeconds(written: string): string {
  if (!/^(?:\d{1,9}[smhdw]?)+$/i.test(written)) return written.toLowerCase();
  let seconds = 0;
  for (const [, count = '', unit = ''] of written.matchAll(/(\d+)([a-z]?)/gi))
    seconds += Number(count) * (unitSeconds[unit.toLowerCase()] ?? 1);
  return String(seconds);
}

function toNumber(written: string): string {
  return /^\d{1,15}$/.test(written) ? String(Number(written)) : written.toLowerCase();
}

/** `1G` is 1073741824 bytes. */
function toBytes(written: string): string {
  const [, count, unit = ''] = /^(\d{1,12})([kmg]?)$/i.exec(written) ?? [];
  if (count === undefined) return written.toLowerCase() === 'default' ? '0' : written;
  return String(Number(count) * 1024 ** ' kmg'.indexOf(unit === '' ? ' ' : unit.toLowerCase()));
}

/** Of several words for one choice, as the manual page has it; `sshd -T` prints without-password, and SILENT for QUIET. */
const synonyms: Readonly<Record<string, string>> = {
  all: 'yes',
  delayed: 'yes',
  'without-password': 'prohibit-password',
};

function toChoice(written: string): string {
  const lower = written.toLowerCase();
  if (/[*,]/.test(written)) return written;
  return synonyms[lower] ?? lower;
}

function toStartups(written: string): string {
  const numbers = written.split(':').map(toNumber);
  return numbers.length === 1 ? `${numbers[0]}:30:${numbers[0]}` : numbers.join(':');
}

function toOneWord(written: string): string {
  return written.toLowerCase() === 'none' ? 'none' : written;
}

function toMask(written: string): string {
  return /^[0-7]{1,6}$/.test(written) ? `0${Number.parseInt(written, 8).toString(8)}` : written;
}

/** Undefined where it changes a list that is compiled in. */
function toAlgorithms(written: string): string[] | undefined {
  return /^[-+^]/.test(written) ? undefined : written.split(',');
}

const plainForms: Readonly<Partial<Record<ValueForm, (written: string) => string>>> = {
  flag: (written) => written.toLowerCase(),
  choice: toChoice,
  word: toOneWord,
  upper: (written) =>
    written
      .toUpperCase()
      .replace(/^DEBUG1$/, 'DEBUG')
      .replace(/^SILENT$/, 'QUIET'),
  number: toNumber,
  mask: toMask,
  time: toSeconds,
  startups: toStartups,
  listen: (written) => written,
};

/** Whether lines of this form are one text each. */
function toLine(form: ValueForm, values: readonly string[], rest: string, name: string): string {
  const [first = '', second] = values;
  if (form === 'rekey')
    return `${toBytes(first)} ${second === undefined || /^none$/i.test(second) ? '0' : toSeconds(second)}`;
  if (form === 'quality') return [first, second ?? first].map((one) => one.toLowerCase()).join(' ');
  if (name === 'subsystem') return values.join(' ');
  return toOneWord(rest);
}

/** Of one line. Undefined where it changes a list that is compiled in. */
export function toValue(form: ValueForm, { name, values, rest }: Setting): string | readonly string[] | undefined {
  const plain = plainForms[form];
  const [first = ''] = values;
  if (plain !== undefined) return plain(first);
  if (form === 'algorithms') return toAlgorithms(first);
  if (form === 'words') return values.length === 1 ? values.map(toOneWord) : values;
  return toLine(form, values, rest, name);
}
