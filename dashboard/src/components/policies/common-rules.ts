/** Rules that most apps want, each as a policy with one blank. */

import { isGroup } from "../../wording/groups";

export interface CommonRule {
  key: string;
  label: string;
  blank: string;
  hint: string;
  /** Whether what was typed can stand in the blank. */
  fits: (typed: string) => boolean;
  /** The policy, under a name that no other has. */
  write: (name: string, typed: string) => string;
}

const forbid = (name: string, scope: string, condition: string) =>
  `@id("${name}")\nforbid (principal, ${scope}, resource)\n${condition};\n`;

const permit = (name: string, limit: string, condition: string) =>
  `@id("${name}") ${limit}\npermit (principal, action, resource)\nwhen { ${condition} };\n`;

const isNumber = (least: number, most: number) => (typed: string) =>
  /^\d{1,4}$/.test(typed) && Number(typed) >= least && Number(typed) <= most;

const isWord = (typed: string) => /^[^"\\\n]{1,100}$/.test(typed.trim());

export const COMMON_RULES: readonly CommonRule[] = [
  {
    key: "role",
    label: "Nobody with this role in the app",
    blank: "Role",
    hint: "finance",
    fits: isWord,
    write: (name, role) =>
      forbid(name, "action", `when { resource.roles.contains("${role.trim()}") }`),
  },
  {
    key: "group",
    label: "Only members of this group",
    blank: "Group",
    hint: "billing",
    fits: (typed) => isGroup(typed.trim()),
    write: (name, group) =>
      forbid(name, "action", `unless { principal.groups.contains("${group.trim()}") }`),
  },
  {
    key: "tag",
    label: "Users with this tag: a colleague has to agree",
    blank: "Tag",
    hint: "vip",
    fits: isWord,
    write: (name, tag) =>
      permit(name, `@approvals("1")`, `resource.tags.contains("${tag.trim().toLowerCase()}")`),
  },
  {
    key: "tag-read",
    label: "Users with this tag: read only",
    blank: "Tag",
    hint: "vip",
    fits: isWord,
    write: (name, tag) =>
      permit(name, `@scope("read_only")`, `resource.tags.contains("${tag.trim().toLowerCase()}")`),
  },
  {
    key: "short",
    label: "Owners and others of rank 50 or more: at most so many minutes",
    blank: "Minutes",
    hint: "15",
    fits: isNumber(1, 60),
    write: (name, minutes) => permit(name, `@minutes("${minutes}")`, "resource.rank >= 50"),
  },
  {
    key: "read",
    label: "Read only from this rank on",
    blank: "Rank",
    hint: "50",
    fits: isNumber(0, 1000),
    write: (name, rank) => permit(name, `@scope("read_only")`, `resource.rank >= ${rank}`),
  },
  {
    key: "ticket",
    label: "Longer than so many minutes only with a ticket",
    blank: "Minutes",
    hint: "15",
    fits: isNumber(1, 59),
    write: (name, minutes) =>
      forbid(name, "action", `when { context.minutes > ${minutes} && !(context has ticket) }`),
  },
  {
    key: "address",
    label: "Starts only from these addresses",
    blank: "Network",
    hint: "203.0.113.0/24",
    fits: (typed) => /^[0-9a-fA-F.:]+(\/\d{1,3})?$/.test(typed.trim()),
    write: (name, network) =>
      forbid(
        name,
        `action == Action::"start"`,
        `unless { context has address && context.address.isInRange(ip("${network.trim()}")) }`,
      ),
  },
  {
    key: "weekend",
    label: "Nobody on weekends, but with this word in the reason",
    blank: "Word",
    hint: "outage",
    fits: isWord,
    write: (name, word) =>
      forbid(
        name,
        "action",
        `when { context.weekday > 5 && !(context.reason like "*${word.trim()}*") }`,
      ),
  },
];

/** `text` with a rule behind it, under the first name that is not taken. */
export function withRule(text: string, rule: CommonRule, typed: string): string {
  let name = rule.key;
  for (let count = 2; text.includes(`@id("${name}")`); count += 1) name = `${rule.key}-${count}`;
  return `${text.trimEnd()}\n\n${rule.write(name, typed)}`;
}
