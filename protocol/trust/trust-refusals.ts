/** Why a trust list is not taken. Separate from the list, which only those who deal with trust load. */

export const trustRefusals = {
  'trust-not-configured': 'no root keys are baked into this agent',
  'trust-malformed': 'the list is not well-formed',
  'trust-bad-signature': 'a signature by a root key does not hold',
  'trust-threshold': 'too few distinct people with root keys have signed',
  'trust-wrong-fleet': 'the list is for another environment',
  'trust-older': 'a list of this version or a later one is known',
  'trust-not-yet-valid': 'the list is from the future',
  'trust-expired': 'the list has expired',
  'trust-out-of-bounds': 'the list allows more than what is baked in lets it',
} as const;
export type TrustCode = keyof typeof trustRefusals;
