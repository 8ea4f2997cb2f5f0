/** The text of unit files and of other files in their syntax. @see systemd.syntax(7) */

import { isUtf8 } from 'node:buffer';

export interface Assignment {
  readonly section: string;
  readonly key: string;
  /** Without blanks around it; lines that were continued are joined by blanks. In Latin-1. */
  readonly value: string;
  /** Of its first line; the first is 1. */
  readonly line: number;
}

export interface UnitText {
  readonly assignments: readonly Assignment[];
  /** Whether systemd refuses the whole file, because of a broken section header or bytes that are no UTF-8. */
  readonly isBroken: boolean;
}

/** Byte order mark, as Latin-1. */
const mark = '\xef\xbb\xbf';

/** Of a blank in this syntax. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d;
}

function trim(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/** Whether the last backslash is itself not escaped. */
function isContinued(line: string): boolean {
  if (!line.endsWith('\\')) return false;
  let start = line.length;
  while (line[start - 1] === '\\') start -= 1;
  return (line.length - start) % 2 === 1;
}

function isComment(line: string): boolean {
  let start = 0;
  while (isBlank(line.charCodeAt(start))) start += 1;
  return line[start] === '#' || line[start] === ';';
}

interface LogicalLine {
  readonly text: string;
  readonly line: number;
}

/** Lines with content, joined where they are continued. Comments end no continuation. */
function* toLogicalLines(bytes: Buffer): Generator<LogicalLine> {
  const text = bytes.toString('latin1');
  let open: { text: string; readonly line: number } | undefined;
  let number = 0;
  for (const raw of (text.startsWith(mark) ? text.slice(mark.length) : text).split('\n')) {
    number += 1;
    if (raw === '' && open === undefined) continue;
    if (isComment(raw)) continue;
    const joined: { text: string; readonly line: number } = open ?? { text: '', line: number };
    if (isContinued(raw)) {
      joined.text += `${raw.slice(0, -1)} `;
      open = joined;
      continue;
    }
    open = undefined;
    const whole = trim(joined.text + raw);
    if (whole !== '') yield { text: whole, line: joined.line };
  }
  const rest = trim(open?.text ?? '');
  if (open !== undefined && rest !== '') yield { text: rest, line: open.line };
}

export function parseUnitText(bytes: Buffer): UnitText {
  const assignments: Assignment[] = [];
  // Nearly always all of them are, and looking once is enough.
  const isSound = isUtf8(bytes);
  let section: string | undefined;
  for (const { text, line } of toLogicalLines(bytes)) {
    if (!isSound && !isUtf8(Buffer.from(text, 'latin1'))) return { assignments, isBroken: true };
    if (text.startsWith('[')) {
      if (!text.endsWith(']')) return { assignments, isBroken: true };
      section = text.slice(1, -1);
      continue;
    }
    const equals = text.indexOf('=');
    // Lines before the first section and lines without a name are ignored, as systemd does.
    if (section === undefined || equals < 1) continue;
    assignments.push({ section, key: trim(text.slice(0, equals)), value: trim(text.slice(equals + 1)), line });
  }
  return { assignments, isBroken: false };
}
