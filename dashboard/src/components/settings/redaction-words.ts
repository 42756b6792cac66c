import type { RedactionRule } from "../../api/types";

/** By what a rule finds what it hides. */
export const KINDS: Record<RedactionRule["kind"], string> = {
  field: "Field",
  path: "Path",
  detector: "Looks like",
};

/** What is known by how it looks; the names are those of the API. */
export const DETECTORS = [
  { value: "email", label: "an e-mail address" },
  { value: "phone", label: "a telephone number" },
  { value: "card", label: "a card number" },
  { value: "iban", label: "a bank account (IBAN)" },
  { value: "token", label: "a known kind of token" },
];

export const DEEDS = [
  { value: "mask", label: "mask" },
  { value: "drop", label: "leave out" },
];
