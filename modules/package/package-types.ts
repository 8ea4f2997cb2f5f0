/** All kinds of packages. */
import { packageTypes } from '../kit/packages/package-type.ts';

/** Of programming languages, found in folders of files. */
export const languageTypes = ['npm', 'pip', 'gem', 'go', 'jar', 'cargo'] as const;
export type LanguageType = (typeof languageTypes)[number];

/** With the order of databases of the system first. */
export const allTypes = [...packageTypes, ...languageTypes] as const;
export type AnyType = (typeof allTypes)[number];
