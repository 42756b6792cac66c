/** What an app serves in a session without asking whom it serves: it may well be the agent's own. */

import { warn } from "./logging.ts";

/** The rule that an entry of the log names when a change was made so. */
export const NOT_ASKED = "identity_not_asked";
/** Routes that are counted; what is beyond them is counted together. */
export const MOST = 500;
const OTHERS = "others";

/** Counts such answers by method and route, and tells of each route once. */
export class Unasked {
  readonly #counts = new Map<string, number>();

  /** One more. Without a route the first part of `path` stands for it: ids may follow. */
  note(method: string, route: string | null, path: string): void {
    const found = `${method} ${route || firstPart(path)}`;
    const isKept = this.#counts.has(found) || this.#counts.size < MOST;
    const key = isKept ? found : OTHERS;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (count > 1) return;
    warn(
      `${key} was served in an impersonation session by code that never asked for whom: it may ` +
        "show or change what is the agent's own (docs/howto/node.md)",
      { action: "serve_unasked", route: key },
    );
  }

  /** How often each was served. */
  counts(): ReadonlyMap<string, number> {
    return new Map(this.#counts);
  }
}

function firstPart(path: string): string {
  const [first = "", ...rest] = path.replace(/^\/+/, "").split("/");
  return rest.join("/") ? `/${first}/…` : `/${first}`;
}
