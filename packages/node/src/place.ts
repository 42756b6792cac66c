/** Where a request has arrived: at the app's own host, or at the origin of one session. */

import { isLabel, MARK, type SessionOrigins } from "./core/sessionOrigins.ts";

/** The app's own; nothing said of it here. */
class OwnHost {
  readonly kind = "own_host";
}

/** The origin of one session, whether it still lives or not. */
export class SessionOrigin {
  readonly kind = "session_origin";
  readonly origin: string;

  constructor(origin: string) {
    this.origin = origin;
  }
}

/** A host under the wildcard that can be no session's, or a label that is not ours to serve. */
export class Nowhere {
  readonly kind = "nowhere";
}

export type Place = OwnHost | SessionOrigin | Nowhere;
export const OWN_HOST = new OwnHost();
export const NOWHERE = new Nowhere();

/**
 * Tells places apart by the Host alone, before any cookie is looked at.
 *
 * A cookie of the whole domain arrives at every label, and is the agent's.
 */
export class Places {
  readonly #origins: SessionOrigins | null;

  constructor(origins: SessionOrigins | null = null) {
    this.#origins = origins;
  }

  /** The place of a Host header, in lower case. */
  of(host: string): Place {
    const origins = this.#origins;
    const covered = origins?.covers(host) ?? false;
    if (!host.includes(MARK) && !covered) return OWN_HOST;
    const dot = host.indexOf(".");
    const label = dot < 0 ? host : host.slice(0, dot);
    if (origins === null || !covered) {
      // Somebody's label, but not below our pattern: an app that does not know its setting yet must
      // not serve it as its own host.
      return isLabel(label) ? NOWHERE : OWN_HOST;
    }
    if (host.slice(dot + 1) !== origins.below || !isLabel(label)) return NOWHERE;
    return new SessionOrigin(origins.origin(label));
  }

  /** The place of an Origin or a Referer; the app's own host where there is none. */
  ofAddress(address: string | null): Place {
    const [, rest] = address?.split("://", 2) ?? [];
    return rest === undefined ? OWN_HOST : this.of((rest.split("/", 1)[0] ?? "").toLowerCase());
  }
}
