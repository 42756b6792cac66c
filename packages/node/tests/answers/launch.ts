/** The two halves of a hand-off. */

import { UnderstudyError } from "../../src/core/errors.ts";
import { begin, type Client, finish, forgetLaunch } from "../../src/launch.ts";
import { Secret } from "../../src/secret.ts";
import { Visit } from "../../src/visit.ts";

const CLIENT: Client = {
  issuer: "https://understudy.example",
  clientId: "app_1",
  key: new Secret("a key"),
  redirectUrl: null,
  sessionOrigins: null,
};

export interface LaunchCase {
  readonly do: "begin" | "finish" | "forget";
  readonly query?: string;
  readonly cookies?: readonly string[];
  readonly nonce?: string;
  readonly now?: number;
  readonly redirect_uri?: string;
}

/** Where the browser is sent with what cookie, what is exchanged, or why nothing is. */
export function handOff(given: LaunchCase): unknown {
  const headers = (given.cookies ?? []).map((value) => ["cookie", value] as const);
  const { query = "" } = given;
  const visit = new Visit({
    method: "GET",
    origin: "https://app.example",
    base: "",
    query,
    headers,
  });
  try {
    return given.do === "begin" ? begun(given, visit) : finished(given, visit);
  } catch (error) {
    if (error instanceof UnderstudyError) return { refused: error.code, detail: error.detail };
    throw error;
  }
}

function begun(given: LaunchCase, visit: Visit): unknown {
  const { nonce = "", now = 0 } = given;
  const { status, headers } = begin(CLIENT, visit, { redirectUri: redirectOf(given), nonce, now });
  return { status, headers };
}

function finished(given: LaunchCase, visit: Visit): unknown {
  if (given.do === "forget") return forgetLaunch();
  const { now = 0 } = given;
  const presented = finish(CLIENT, visit, { redirectUri: redirectOf(given), now });
  return {
    code: presented.token.reveal(),
    verifier: presented.codeVerifier?.reveal() ?? null,
    redirect_uri: presented.redirectUri,
  };
}

function redirectOf(given: LaunchCase): string {
  return given.redirect_uri ?? "https://app.example/_understudy/callback";
}
