/**
 * Which ways into a session an app takes, and the tokens that two of them put into an address.
 *
 * A token in an address is a bearer's, bound to no browser, and addresses are kept and passed on
 * (RFC 9700, section 4.3.2). So these ways are off unless the app asks for them, and then only a
 * person's own visit to a page uses a token up.
 */

import { isToken } from "./cookies.ts";
import { MalformedRequest, SetupError } from "./core/errors.ts";
import { Secret } from "./secret.ts";
import type { Presented } from "./values.ts";
import type { Visit } from "./visit.ts";

/** A way into a session. */
export type HandOff = "code" | "stytch" | "clerk";

export const DEFAULT: readonly HandOff[] = ["code"];
const KNOWN: readonly string[] = ["code", "stytch", "clerk"];
const STYTCH_TYPES = new Set(["multi_tenant_impersonation", "impersonation"]);
const CLERK_STATUS = "sign_in";
const NOT_TAKEN = "This app does not take sessions in this way.";
const UNREADABLE = "This address holds no token that can be read.";

/**
 * The ways that `names` stand for: `code`, `stytch`, `clerk`.
 *
 * @throws {SetupError} another name, or none at all.
 */
export function readHandOffs(names: Iterable<string>): ReadonlySet<HandOff> {
  const given = typeof names === "string" ? [names] : [...names];
  const ways = given.filter((name): name is HandOff => KNOWN.includes(name));
  if (ways.length === 0 || ways.length < given.length) {
    throw new SetupError(`handOffs is some of ${KNOWN.join(", ")}, and not ${given.join(", ")}.`);
  }
  return new Set(ways);
}

/**
 * The token that a callback's address brings along; null when it is the code flow's.
 *
 * @throws {MalformedRequest} a way that is not `taken`, two at once, or no token of ours.
 */
export function tokenInAddress(
  parameters: ReadonlyMap<string, string>,
  taken: ReadonlySet<HandOff>,
): Presented | null {
  const found = tokenOfAnother(parameters);
  if (found === null) {
    requireTaken("code", taken);
    return null;
  }
  const [wire, token] = found;
  requireTaken(wire, taken);
  if (!isToken(token)) throw new MalformedRequest(UNREADABLE);
  return { token: new Secret(token), wire, codeVerifier: null, redirectUri: null, attempt: null };
}

/**
 * Do nothing, if the app takes sessions in this `way`.
 *
 * @throws {MalformedRequest} it does not.
 */
export function requireTaken(way: HandOff, taken: ReadonlySet<HandOff>): void {
  if (!taken.has(way)) throw new MalformedRequest(NOT_TAKEN);
}

/**
 * False for what a browser or a page fetches without anybody going there.
 *
 * A browser that sends Fetch Metadata says `document` (its section 2.1); whatever sends none of it
 * is believed, since not every browser does.
 */
export function isPersonsVisit(visit: Visit): boolean {
  const purposes = [visit.header("sec-purpose"), visit.header("purpose")];
  if (purposes.some((purpose) => purpose?.toLowerCase().includes("prefetch"))) return false;
  const metadata = visit.headers.filter(([name]) => name.startsWith("sec-fetch-"));
  return metadata.length === 0 || visit.header("sec-fetch-dest") === "document";
}

function tokenOfAnother(
  parameters: ReadonlyMap<string, string>,
): ["stytch" | "clerk", string] | null {
  const kind = parameters.get("stytch_token_type");
  const ticket = parameters.get("__clerk_ticket");
  if (kind === undefined && ticket === undefined) return null;
  const two = kind !== undefined && ticket !== undefined;
  if (two || parameters.has("code") || parameters.has("state")) {
    throw new MalformedRequest(UNREADABLE);
  }
  if (ticket !== undefined) {
    if ((parameters.get("__clerk_status") ?? CLERK_STATUS) !== CLERK_STATUS) {
      throw new MalformedRequest(NOT_TAKEN);
    }
    return ["clerk", ticket];
  }
  if (!STYTCH_TYPES.has(kind ?? "")) throw new MalformedRequest(NOT_TAKEN);
  return ["stytch", parameters.get("token") ?? ""];
}
