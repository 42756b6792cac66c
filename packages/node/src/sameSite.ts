/** Whether a browser's request comes from the app's own pages, by Fetch Metadata. */

import { type Answer, problem, type Visit } from "./visit.ts";
import { refusalText } from "./wording.ts";

const SCHEMES: readonly string[] = ["http", "https"];

const OWN_SITES: readonly string[] = ["same-origin", "none"];

/**
 * False for what another site, or a sibling host, made the browser send.
 *
 * Browsers set both headers themselves; a request with neither, that is known by a cookie only,
 * might come from anywhere.
 */
function fromOwnPages(visit: Visit): boolean {
  const site = visit.header("sec-fetch-site");
  return site === null ? isOwnHost(visit.header("origin"), visit.origin) : OWN_SITES.includes(site);
}

/** The answer to what the app's own pages have not sent; null where they have. */
export function crossSiteRefusal(visit: Visit): Answer | null {
  if (fromOwnPages(visit)) return null;
  return problem(403, "cross_site_refused", refusalText("cross_site_refused"));
}

/**
 * True when `address` lies on the host of `origin`.
 *
 * Schemes are not compared: behind a proxy that ends TLS the app sees http for https.
 */
export function isOwnHost(address: string | null, origin: string): boolean {
  const host = hostOf(address ?? "");
  return host !== "" && host === hostOf(origin);
}

function hostOf(address: string): string {
  const [scheme = ""] = address.split("://", 1);
  if (scheme === address || !SCHEMES.includes(scheme)) return "";
  const [host = ""] = address.slice(scheme.length + 3).split("/", 1);
  return host.toLowerCase();
}
