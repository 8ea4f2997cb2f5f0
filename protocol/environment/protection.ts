/** Protected things: those that need more than a module's weight, or that nobody may ask about. */
import * as z from 'zod';
import { type DisclosureClass, disclosureClasses } from './disclosure.ts';
import { secretPlaces } from './secret-places.ts';

/** Nobody, or a number of people with a weight together (that of the module's rule). */
export const Requirement = z.union([
  z.literal('never'),
  z.strictObject({
    minimumPeople: z.int().min(1).max(16).default(1),
    minimumWeight: z.int().min(1).max(1000).default(1),
  }),
]);
export type Requirement = z.infer<typeof Requirement>;

/** Requirements by class of disclosure. A class without an entry needs what the next lower one does. */
export const DisclosureRequirements = z.partialRecord(z.enum(disclosureClasses), Requirement);
export type DisclosureRequirements = z.infer<typeof DisclosureRequirements>;

/** Over absolute paths: `*`, `?`, `[…]` within a name, `**` as a whole name for any number of names. */
const ProtectedGlob = z
  .string()
  .max(1024)
  .regex(/^(?:\/|\*\*\/)[^\0]*[^/\0]$/, 'expected an absolute path, or one that begins with **/')
  .refine((glob) => !/[{}]/.test(glob), 'expected a pattern without braces')
  .refine(
    (glob) => glob.split('/').every((name) => name === '**' || !name.includes('**')),
    'expected ** to stand alone between slashes',
  );

/** Kinds of files by their first bytes, whatever their names: keys, tables of password hashes, images of memory. */
const contentKinds = ['private-key', 'password-hashes', 'memory-image'] as const;
export type ContentKind = (typeof contentKinds)[number];

export const ProtectedRule = z
  .strictObject({
    paths: z.array(ProtectedGlob).max(256).default([]),
    /** Applies to questions that look into a file, for only these read its first bytes. */
    kinds: z.array(z.enum(contentKinds)).max(contentKinds.length).optional(),
    /** For questions that look into a file: its content, bytes and digests. */
    content: Requirement.optional(),
    /** For questions whose answer lists or counts a file, whatever they look at. */
    answers: DisclosureRequirements.optional(),
  })
  .refine(({ paths, kinds = [] }) => paths.length + kinds.length > 0, {
    error: 'expected at least one path or kind',
    path: ['paths'],
  });
export type ProtectedRule = z.infer<typeof ProtectedRule>;

/** The people who signed, as far as one module is concerned. */
export interface SignerWeight {
  readonly people: number;
  readonly weight: number;
}

export function isMet(requirement: Requirement | undefined, { people, weight }: SignerWeight): boolean {
  if (requirement === undefined) return true;
  if (requirement === 'never') return false;
  return people >= requirement.minimumPeople && weight >= requirement.minimumWeight;
}

/** Whether the signers may have an answer of this class: they must meet what it and every lower class needs. */
export function mayHave(
  requirements: DisclosureRequirements | undefined,
  disclosure: DisclosureClass,
  signers: SignerWeight,
): boolean {
  if (requirements === undefined) return true;
  const upTo = disclosureClasses.slice(0, disclosureClasses.indexOf(disclosure) + 1);
  return upTo.every((one) => isMet(requirements[one], signers));
}

const twoPeople: Requirement = { minimumPeople: 2, minimumWeight: 1 };

/** Secrets that a yes-or-no question, asked often enough, would read out: their content takes two people. */
export const defaultProtectedRules: readonly ProtectedRule[] = [
  ...secretPlaces.map((paths): ProtectedRule => ({ content: twoPeople, paths: [...paths] })),
  { content: twoPeople, paths: [], kinds: [...contentKinds] },
];
