/** Lines of shadow(5). */

import { FieldReader, isDirectoryName } from '../../kit/accounts/colon-line.ts';
import type { TableLine } from '../../kit/files/table-line.ts';

/** Days since 1970, or numbers of days; null where a field is empty. */
export interface Aging {
  readonly changedDay: number | null;
  readonly minimumDays: number | null;
  readonly maximumDays: number | null;
  readonly warningDays: number | null;
  readonly inactiveDays: number | null;
  readonly endDay: number | null;
}

export interface ShadowEntry extends Aging {
  readonly name: string;
  readonly password: string;
}

/** The C library reads these as int; a negative number is no limit, as an empty field. */
function toDays(value: number | null): number | null {
  return value === null || value > 0x7fff_ffff ? null : value;
}

/** Null for a line that the C library skips. */
export function parseShadowLine({ text }: TableLine): ShadowEntry | null {
  const fields = new FieldReader(text);
  const name = fields.text();
  if (isDirectoryName(name)) return null;
  const password = fields.text();
  const days = [fields.number(), fields.number(), fields.number()];
  fields.skipBlanks();
  // An old form ends here.
  if (fields.rest !== '') days.push(fields.number(), fields.number(), fields.number());
  // A field that is kept for later, and the last one.
  if (fields.rest !== '') days.push(fields.rest.includes(':') ? undefined : fields.number());
  if (days.includes(undefined)) return null;
  const [changedDay, minimumDays, maximumDays, warningDays, inactiveDays, endDay] = days.map((one) =>
    toDays(one ?? null),
  );
  return {
    name,
    password,
    changedDay: changedDay ?? null,
    minimumDays: minimumDays ?? null,
    maximumDays: maximumDays ?? null,
    warningDays: warningDays ?? null,
    inactiveDays: inactiveDays ?? null,
    endDay: endDay ?? null,
  };
}
