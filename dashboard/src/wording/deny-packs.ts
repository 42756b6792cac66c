import type { Settings } from "../api/types";
import { DENY_PACKS } from "./deny-packs.gen";

type DenyPacks = Settings["deny_packs"];
export type DenyPack = DenyPacks["packs"][number];

interface DenyRule {
  label: string;
  methods: readonly string[];
  patterns: readonly string[];
}

interface PackWords {
  title: string;
  rules: readonly DenyRule[];
}

const PACKS: Readonly<Record<DenyPack, PackWords>> = DENY_PACKS;

/** All packs in the order in which they are offered and stored. */
export const ALL_PACKS = Object.keys(DENY_PACKS) as DenyPack[];

/** What a pack is called; one that only a newer version knows, by its name. */
export function titleOf(pack: DenyPack): string {
  return rulesAnd(pack).title;
}

export function rulesOf(pack: DenyPack): readonly DenyRule[] {
  return rulesAnd(pack).rules;
}

/** What the packs keep from happening, in words; where every pattern is excepted, nothing. */
export function deniedBy({ packs, excepted = [] }: DenyPacks): string[] {
  const rules = packs.flatMap(rulesOf);
  const left = rules.filter(({ patterns }) => patterns.some((one) => !excepted.includes(one)));
  return [...new Set(left.map(({ label }) => label))];
}

/** How a rule's methods are shown beside its patterns. */
export function methodsInWords({ methods }: DenyRule): string {
  return methods.includes("*") ? "any" : methods.join(" ");
}

function rulesAnd(pack: DenyPack): PackWords {
  return PACKS[pack] ?? { title: pack, rules: [] };
}
