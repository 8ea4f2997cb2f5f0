/** Which user numbers are persons', by login.defs(5). */
import type { Host } from '../kit/files/host.ts';
import type { TableLine } from '../kit/files/table-line.ts';

interface Setting {
  readonly key: string;
  readonly value: string;
}

function parseSetting({ text }: TableLine): Setting | null {
  const [, key, value] = /^(\S+)[ \t]+"?([^"\s]+)/.exec(text) ?? [];
  return key === undefined || value === undefined ? null : { key, value };
}

/** Decimal, octal behind 0, hexadecimal behind 0x; undefined when malformed. */
function toNumber(text: string): number | undefined {
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^(?:\d+|0[xX][\dA-Fa-f]+)$/.test(text) ? Number(text) : undefined;
}

export type IsPerson = (uid: number) => boolean;

/** The defaults are those of the shadow suite. */
export function readPersonNumbers(host: Host): IsPerson {
  const table = host.readTable('login.defs', '/etc/login.defs', parseSetting);
  const settings = table.state === 'read' ? table.entries : [];
  // The last line counts.
  const find = (key: string): number | undefined => toNumber(settings.findLast((one) => one.key === key)?.value ?? '');
  const first = find('UID_MIN') ?? 1000;
  const last = find('UID_MAX') ?? 60_000;
  return (uid) => uid >= first && uid <= last;
}
