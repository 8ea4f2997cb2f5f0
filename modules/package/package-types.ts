/** All kinds of packages. */
import { packageTypes } from '../kit/packages/package-type.ts';

/** Of programming languages, found in folders of files. */
export const languageTypes = ['npm', 'pip', 'gem', 'go', 'jar', 'cargo'] as const;
export type LanguageType = (typeof languageTypes)[number];

/** With everything that they need, beside the packages of the system. */
const bundleTypes = ['snap', 'flatpak'] as const;

export const allTypes = [...packageTypes, ...bundleTypes, ...languageTypes] as const;
export type AnyType = (typeof allTypes)[number];
