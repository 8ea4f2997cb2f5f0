/** Rules of udev that start something. @see udev(7) */
import { toLogicalLines } from './logical-lines.ts';

interface UdevAction {
  readonly line: number;
  /** `RUN`, `PROGRAM`, `IMPORT{program}`, `ENV{SYSTEMD_WANTS}` */
  readonly key: string;
  readonly command: string;
}

const assignment =
  /(?<![A-Z_])([A-Z_]+)(?:\{([^}"]{0,256})\})?\s{0,16}(==|!=|\+=|-=|:=|=)\s{0,16}[ei]?"((?:[^"\\]|\\.)*)"/g;

function toKey(name: string, attribute: string | undefined): string | undefined {
  if (name === 'RUN') return attribute === undefined || attribute === 'program' ? 'RUN' : undefined;
  if (name === 'PROGRAM') return 'PROGRAM';
  if (name === 'IMPORT') return attribute === 'program' ? 'IMPORT{program}' : undefined;
  const isWanted = name === 'ENV' && /^SYSTEMD_(?:USER_)?WANTS$/.test(attribute ?? '');
  return isWanted ? `ENV{${attribute}}` : undefined;
}

export function* parseUdevRules(text: string): Generator<UdevAction> {
  for (const { line, text: rule } of toLogicalLines(text))
    for (const [, name = '', attribute, operator = '', value = ''] of rule.matchAll(assignment)) {
      const key = toKey(name, attribute);
      // A condition on the variable, or a removal, starts nothing.
      const isSet =
        operator !== '-=' &&
        (operator !== '==' || name === 'PROGRAM' || name === 'IMPORT') &&
        (operator !== '!=' || name === 'PROGRAM');
      if (key !== undefined && isSet && value !== '') yield { line, key, command: value.replaceAll('\\"', '"') };
    }
}
