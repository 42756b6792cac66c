/** Bearer tokens: what stands for them. */

import { hash } from "node:crypto";

/** What stands for `token` in memory. */
export function tokenHash(token: string): string {
  return hash("sha256", token, "base64url");
}
