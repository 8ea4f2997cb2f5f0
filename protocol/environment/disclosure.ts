/** Classes of disclosure: how much an answer tells. Separate from protection, whose rules take longer to load. */

/** The least first. */
export const disclosureClasses = ['yesno', 'count', 'names', 'metadata'] as const;
export type DisclosureClass = (typeof disclosureClasses)[number];

/** The class of the two that discloses less. */
export function lesserDisclosure(left: DisclosureClass, right: DisclosureClass): DisclosureClass {
  return disclosureClasses.indexOf(left) < disclosureClasses.indexOf(right) ? left : right;
}

/** The class of the two that discloses more. */
export function greaterDisclosure(left: DisclosureClass, right: DisclosureClass): DisclosureClass {
  return lesserDisclosure(left, right) === left ? right : left;
}
