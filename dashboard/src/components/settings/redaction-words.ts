import type { RedactionRule } from "../../api/types";

/** By what a rule finds what it hides. */
export const KINDS: Record<RedactionRule["kind"], string> = {
  field: "Field",
  path: "Path",
  detector: "Looks like",
};

const COUNTRIES = {
  au: "Australia",
  be: "Belgium",
  br: "Brazil",
  ca: "Canada",
  ch: "Switzerland",
  de: "Germany",
  dk: "Denmark",
  es: "Spain",
  fi: "Finland",
  fr: "France",
  gb: "the United Kingdom",
  in: "India",
  it: "Italy",
  nl: "the Netherlands",
  no: "Norway",
  pl: "Poland",
  se: "Sweden",
  tr: "Türkiye",
  us: "the United States",
  za: "South Africa",
};

/** What is known by how it looks; the names are those of the API. */
export const DETECTORS = [
  { value: "email", label: "an e-mail address" },
  { value: "phone", label: "a telephone number" },
  { value: "card", label: "a card number" },
  { value: "iban", label: "a bank account (IBAN)" },
  { value: "token", label: "a known kind of token" },
  ...Object.entries(COUNTRIES).map(([code, country]) => ({
    value: `national_id_${code}`,
    label: `a national id of ${country}`,
  })),
];

export const DEEDS = [
  { value: "mask", label: "mask" },
  { value: "drop", label: "leave out" },
];
