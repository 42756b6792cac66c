/** The entries that tell what a user agreed to, and took back. */
export const CONSENT_TYPES = [
  "consent.asked",
  "consent.given",
  "consent.declined",
  "consent.withdrawn",
  "consent.refused",
] as const;
