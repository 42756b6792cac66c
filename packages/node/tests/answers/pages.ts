/** What becomes of headers and pages on their way. */

import * as rules from "../../src/headers.ts";
import { Insertion } from "../../src/insertion.ts";

const CHANGES = {
  as_own_page: rules.asOwnPage,
  for_the_app: rules.forTheApp,
  for_the_browser: rules.forTheBrowser,
  without_length: rules.withoutLength,
  without_spoofed: rules.withoutSpoofed,
} as const;

export interface HeadersCase {
  readonly do: keyof typeof CHANGES | "takes_banner" | "policies" | "lengthened";
  readonly headers: rules.RawHeaders;
  readonly status?: number;
  readonly by?: number;
}

export interface InsertionCase {
  readonly chunks: readonly string[];
  readonly banner?: string;
  readonly head?: string;
}

/** Headers as they go on, or what is read in them. */
export function changedHeaders({ do: verb, headers, status = 200, by = 0 }: HeadersCase): unknown {
  if (verb === "takes_banner") return rules.takesBanner(status, headers);
  if (verb === "policies") return rules.policiesIn(headers);
  return verb === "lengthened" ? rules.lengthened(headers, by) : CHANGES[verb](headers);
}

/** What is sent on for each of the chunks of a page, and at its end. */
export function inserted({ chunks, banner = "[banner]", head = "" }: InsertionCase): string[] {
  const insertion = new Insertion(bytes(banner), { head: bytes(head) });
  const sent = chunks.map((chunk) => insertion.feed(bytes(chunk)));
  return [...sent, insertion.finish()].map((part) => Buffer.from(part).toString("latin1"));
}

function bytes(letters: string): Buffer {
  return Buffer.from(letters, "latin1");
}
