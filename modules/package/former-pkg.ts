/** The parameters of the original's module `pkg`. */
import * as z from 'zod';

const PkgParameters = z.strictObject({
  pkgmatch: z.strictObject({ matches: z.array(z.string()).min(1) }),
  vermatch: z.string().optional(),
});

/** Any of them matched, and a `!` in front had no meaning. */
function toOneRegex(matches: readonly string[]): string {
  const [first = '', ...others] = matches;
  if (others.length === 0) return first.startsWith('!') ? `(?:${first})` : first;
  return matches.map((match) => `(?:${match})`).join('|');
}

/** The same question; undefined for other parameters. */
export function toSearchOfPkg(parameters: unknown): Readonly<Record<string, unknown>> | undefined {
  const { data } = PkgParameters.safeParse(parameters);
  if (data === undefined) return undefined;
  // Files of its console have an empty version where none is asked for.
  const version = data.vermatch ?? '';
  return { names: [toOneRegex(data.pkgmatch.matches)], ...(version === '' ? {} : { versions: [version] }) };
}
