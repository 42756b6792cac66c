/** Changes that are blocked, and the one form by which each is known again. */

import { writeOf } from "../../src/unlock/canonical.ts";
import { Unbound } from "../../src/unlock/unbound.ts";
import { printWrite } from "../../src/unlock/wire.ts";

export interface ChangeCase {
  readonly method?: string;
  readonly host?: string;
  readonly path?: string;
  readonly query?: string;
  readonly content_type?: string;
  readonly body?: string;
  readonly if_match?: string;
}

/** The form of what was sent, or that it has none. */
export function bound(given: ChangeCase): unknown {
  const sent = {
    method: given.method ?? "POST",
    host: given.host ?? "app.example",
    path: given.path ?? "/plan",
    query: given.query ?? "",
    contentType: given.content_type ?? "",
    body: Buffer.from(given.body ?? "", "latin1"),
    ifMatch: given.if_match ?? null,
  };
  try {
    return printWrite(writeOf(sent));
  } catch (error) {
    if (error instanceof Unbound) return "unbound";
    throw error;
  }
}
