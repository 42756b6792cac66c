/**
 * The hand-off: OAuth code flow with PKCE, begun by the app after a hint from the dashboard.
 *
 * The launch cookie holds nothing but a nonce, its end and a seal. `state` and the PKCE verifier are
 * derived from the nonce under a key that never leaves the app, so that nothing is kept between
 * launch and callback, and any process of the app can finish what another began.
 */

import { createHmac, hash } from "node:crypto";
import { clearCookie, DuplicateCookie, LAUNCH, readCookie, setCookie } from "./cookies.ts";
import { MalformedRequest, TokenInvalid } from "./core/errors.ts";
import { urlencode } from "./core/escapes.ts";
import type { SessionOrigins } from "./core/sessionOrigins.ts";
import { isSameText, Secret } from "./secret.ts";
import type { Presented } from "./values.ts";
import { type Answer, seeOther, type Visit } from "./visit.ts";

/** Seconds between launch and callback: two redirects, and a sign-in at most. */
const LAUNCH_SECONDS = 120;
const GRANT = /^[A-Za-z0-9_-]{1,128}$/;
const CODE = /^[A-Za-z0-9_-]{1,512}$/;

/**
 * This application as an OAuth client. `issuer` is the service's public URL.
 *
 * `key` seals launch cookies; any two processes of the app share it. `redirectUrl` null means the
 * callback at whatever origin a request came to; the service compares it exactly. `sessionOrigins`
 * are those that this app serves sessions at.
 */
export interface Client {
  readonly issuer: string;
  readonly clientId: string;
  readonly key: Secret;
  readonly redirectUrl: string | null;
  readonly sessionOrigins: SessionOrigins | null;
}

/** `now` in seconds of the app's clock. */
export interface Launched {
  readonly redirectUri: string;
  readonly now: number;
}

export interface Launching extends Launched {
  readonly nonce: string;
}

/**
 * Send the browser to the service, if that is who sent it here.
 *
 * @throws {MalformedRequest} another issuer, or no grant.
 */
export function begin(
  client: Client,
  visit: Visit,
  { redirectUri, nonce, now }: Launching,
): Answer {
  const parameters = visit.parameters();
  if (!isSameText(parameters.get("iss") ?? "", client.issuer)) {
    throw new MalformedRequest("This launch was not meant for this app.");
  }
  const hint = parameters.get("login_hint") ?? "";
  if (!GRANT.test(hint)) throw new MalformedRequest("This launch names no grant.");
  const query = urlencode({
    response_type: "code",
    client_id: client.clientId,
    redirect_uri: redirectUri,
    state: derive(client, "state", nonce),
    code_challenge: hash("sha256", derive(client, "verifier", nonce), "base64url"),
    code_challenge_method: "S256",
    login_hint: hint,
  });
  const expires = String(Math.trunc(now) + LAUNCH_SECONDS);
  const value = `${nonce}.${expires}.${derive(client, "cookie", nonce, expires)}`;
  const cookie = setCookie(LAUNCH, value, { maxAge: LAUNCH_SECONDS });
  return seeOther(`${client.issuer}/oauth2/authorize?${query}`, cookie);
}

/**
 * The code that the service sent back to the browser in which this app began.
 *
 * @throws {MalformedRequest} begun elsewhere, too late, or another issuer (RFC 9207, section 2.4).
 * @throws {TokenInvalid} the service refused.
 */
export function finish(client: Client, visit: Visit, { redirectUri, now }: Launched): Presented {
  // The browser before its words: without its cookie nothing else in the address is believed.
  const nonce = nonceOf(client, visit, now);
  const parameters = visit.parameters();
  if (!isSameText(parameters.get("state") ?? "", derive(client, "state", nonce))) {
    throw new MalformedRequest("This answer belongs to another launch.");
  }
  if (!isSameText(parameters.get("iss") ?? "", client.issuer)) {
    throw new MalformedRequest("This answer comes from another service.");
  }
  // Behind state and issuer: an error that somebody made up must not end a launch that goes well.
  if (parameters.has("error")) throw new TokenInvalid("Understudy did not allow this launch.");
  const code = parameters.get("code") ?? "";
  if (!CODE.test(code)) throw new MalformedRequest("This answer holds no code.");
  const codeVerifier = new Secret(derive(client, "verifier", nonce));
  return { token: new Secret(code), wire: "native", codeVerifier, redirectUri, attempt: null };
}

/** The Set-Cookie value that makes a launch cookie work only once. */
export function forgetLaunch(): string {
  return clearCookie(LAUNCH);
}

function nonceOf(client: Client, visit: Visit, now: number): string {
  const parts = (launchCookie(visit) ?? "").split(".");
  const [nonce = "", expires = "", seal = ""] = parts.length === 3 ? parts : [];
  if (!isSameText(seal, derive(client, "cookie", nonce, expires))) {
    throw new MalformedRequest("This launch was not begun in this browser.");
  }
  // Behind the seal, so that it is a number of ours.
  if (now >= Number(expires)) throw new MalformedRequest("This launch took too long.");
  return nonce;
}

function launchCookie(visit: Visit): string | null {
  try {
    return readCookie(visit.cookie, LAUNCH);
  } catch (error) {
    if (!(error instanceof DuplicateCookie)) throw error;
    throw new MalformedRequest("The request carries two launch cookies.");
  }
}

function derive(client: Client, ...purpose: string[]): string {
  const message = ["understudy launch", ...purpose].join("\0");
  return createHmac("sha256", client.key.reveal()).update(message).digest("base64url");
}
