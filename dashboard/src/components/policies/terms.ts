import type { PolicyTerms } from "../../api/types";

export const TERMS: { value: PolicyTerms["confirmation"]; label: string }[] = [
  { value: "none", label: "Nothing: it holds at once" },
  { value: "second_admin", label: "Another admin confirms it" },
  { value: "delay", label: "It waits, and is confirmed then" },
];
