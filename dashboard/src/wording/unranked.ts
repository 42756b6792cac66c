import type { RolesWithoutRank } from "../api/types";

const NAMED = 5;

/** Who holds roles without a rank, and which. */
export function unrankedInWords({ users, roles, role_count }: RolesWithoutRank): string {
  const who = users === 1 ? "1 user holds" : `${users.toLocaleString()} users hold`;
  const named = roles
    .slice(0, NAMED)
    .map(({ role, users }) => `${role} (${users.toLocaleString()})`);
  const more = role_count - named.length;
  return `${who} roles without a rank: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}
