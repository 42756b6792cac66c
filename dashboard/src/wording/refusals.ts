import { RULES } from "./rules.gen";

/** Why something was refused, and who can change that. */
export interface Refusal {
  says: string;
  lift: string;
}

/** The words for a rule; a rule that a newer service knows is named as it is. */
export function refusalOf(rule: string): Refusal {
  if (Object.hasOwn(RULES, rule)) return RULES[rule as keyof typeof RULES];
  return { says: `Refused by the rule “${rule}”.`, lift: "Ask an admin." };
}
