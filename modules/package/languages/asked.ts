/** What the searches ask of packages of languages. */
import * as z from 'zod';
import { type LanguageType, languageTypes } from '../package-types.ts';
import { usualRoots } from './usual-roots.ts';

const Search = z.object({
  types: z.array(z.string()).optional(),
  statuses: z.array(z.string()).optional(),
  roots: z.array(z.string()).default(usualRoots),
  files: z.array(z.string()).optional(),
  running: z.boolean().optional(),
  altered: z.boolean().optional(),
  unowned: z.boolean().optional(),
});

export interface LanguageQuestion {
  readonly types: ReadonlySet<LanguageType>;
  readonly roots: readonly string[];
}

/** A search about files of packages, or about states that these packages do not have, is about none of them. */
function typesOf(search: z.infer<typeof Search>): readonly LanguageType[] {
  const { types, statuses, files, running, altered, unowned } = search;
  const isAboutFiles = files !== undefined || [running, altered, unowned].includes(true);
  if (isAboutFiles || statuses?.includes('installed') === false) return [];
  return languageTypes.filter((type) => types === undefined || types.includes(type));
}

/** Whether any search is about packages of languages, for which folders are walked. */
export function isAboutLanguages(search: unknown): boolean {
  return typesOf(Search.parse(search)).length > 0;
}

export function toLanguageQuestion(searches: readonly unknown[]): LanguageQuestion {
  const asked = searches.map((search) => Search.parse(search)).filter((search) => typesOf(search).length > 0);
  return {
    types: new Set(asked.flatMap(typesOf)),
    roots: [...new Set(asked.flatMap(({ roots }) => roots))],
  };
}
