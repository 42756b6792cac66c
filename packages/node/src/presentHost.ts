/** An app that knows one address of its own, served at the origins of sessions. */

import { checkOrigin } from "./core/addresses.ts";
import { InvalidInput, SetupError } from "./core/errors.ts";
import type { RawHeaders } from "./headers.ts";

const ASKED_BY_BROWSERS = new Set(["origin", "referer"]);
const TOLD_TO_BROWSERS = new Set(["location", "access-control-allow-origin"]);

/** Shows the app its own address in place of a session's, and the browser the session's again. */
export class PresentHost {
  readonly scheme: string;
  readonly #origin: string;
  readonly #host: string;

  /**
   * `origin` is the app's own, such as `https://app.example`.
   *
   * @throws {SetupError} it is no origin.
   */
  constructor(origin: string) {
    try {
      checkOrigin(origin);
    } catch (error) {
      throw error instanceof InvalidInput ? new SetupError(`presentHost: ${error.detail}`) : error;
    }
    const separator = origin.indexOf("://");
    this.scheme = origin.slice(0, separator);
    this.#host = origin.slice(separator + 3);
    this.#origin = origin;
  }

  /** Host, Origin and Referer as of the app's own; `shown` is the session's origin. */
  toApp(headers: RawHeaders, shown: string): RawHeaders {
    return headers.map(([name, value]) => {
      const lower = name.toLowerCase();
      if (lower === "host") return [name, this.#host];
      return [name, ASKED_BY_BROWSERS.has(lower) ? moved(value, shown, this.#origin) : value];
    });
  }

  /** Addresses at the app's own origin as they are reached at the session's. */
  toBrowser(headers: RawHeaders, shown: string): RawHeaders {
    return headers.map(([name, value]) => {
      const told = TOLD_TO_BROWSERS.has(name.toLowerCase());
      return [name, told ? moved(value, this.#origin, shown) : value];
    });
  }
}

/** `address` at another origin, if it lies at the `old` one and does not only begin so. */
function moved(address: string, old: string, fresh: string): string {
  const rest = address.slice(old.length);
  const liesThere = address.startsWith(old) && (rest === "" || "/?#".includes(rest.charAt(0)));
  return liesThere ? fresh + rest : address;
}
