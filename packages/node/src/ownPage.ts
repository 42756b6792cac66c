/**
 * The agent's own pages, while the browser is known to have had a session.
 *
 * Nothing is laid over them and nothing is recorded. They are only marked as the browser's own, so
 * that they act for nobody else once a session begins; and no cache keeps one without its mark.
 */

import type { Epoch } from "./epoch.ts";
import { GrowingPage } from "./growingPage.ts";
import { asOwnPage, policiesIn, type RawHeaders, takesBanner } from "./headers.ts";
import { Insertion } from "./insertion.ts";
import { OWN } from "./pageMarks.ts";
import { nonceIn } from "./pagePolicy.ts";
import { pageScript } from "./pageScript.ts";
import { wantsPage } from "./visit.ts";

const IGNORED = new Set(["if-none-match", "if-modified-since", "accept-encoding"]);

/** What of a request counts for its page. `cookie` is the whole Cookie header. */
export interface OwnVisit {
  readonly method: string;
  readonly base: string;
  readonly cookie: string;
}

/** How one app's own pages are marked; `script` gives the script's address by the mount. */
export class OwnPages {
  readonly #script: (base: string) => string;
  readonly #epoch: Epoch;

  constructor(script: (base: string) => string, epoch: Epoch) {
    this.#script = script;
    this.#epoch = epoch;
  }

  /** Whether the answer may be a page; `headers` are in lower case. */
  expected(method: string, headers: ReadonlyMap<string, string>): boolean {
    return method !== "WEBSOCKET" && wantsPage(headers);
  }

  /** The page that `headers` begin; null for what goes out as it is. */
  page(status: number, headers: RawHeaders, asked: OwnVisit): GrowingPage | null {
    if (!takesBanner(status, headers)) return null;
    const nonce = nonceIn(policiesIn(headers));
    const script = pageScript(this.#script(asked.base), OWN, nonce);
    const kept = [...asOwnPage(headers), ...this.#epoch.corrected(asked.cookie, OWN)];
    const insertion = new Insertion(new Uint8Array(), { head: script });
    return new GrowingPage(kept, insertion, { isHead: asked.method === "HEAD" });
  }
}

/**
 * The headers of a request for a page that shall be marked: whole, and not compressed.
 *
 * A range keeps its condition, so that a download goes on where it stopped.
 */
export function forTheApp(headers: RawHeaders): RawHeaders {
  return headers.filter(([name]) => !IGNORED.has(name.toLowerCase()));
}
