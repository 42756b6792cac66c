import { isOwn, KEY, resolved, unmarked } from "./address.ts";
import type { Identity } from "./identity.ts";

// What we use of the Navigation API, which TypeScript does not know yet.
interface NavigateEvent extends Event {
  readonly navigationType: string;
  readonly destination: { readonly url: string; readonly sameDocument: boolean };
}
interface Navigation extends EventTarget {
  readonly currentEntry: { readonly key: string } | null;
}

/** The window's Navigation API, where it has one. */
export function ownNavigation(): Navigation | undefined {
  return Reflect.get(window, "navigation") as Navigation | undefined;
}

/**
 * In a page of somebody else's, links and scripts lead nowhere on this origin: some apps write by a
 * GET. The person's own reload, back and forward go on, and so do our own addresses.
 */
export function guardNavigation(identity: Identity): void {
  ownNavigation()?.addEventListener("navigate", (event) => {
    const { navigationType, destination } = event as NavigateEvent;
    if (!["push", "replace"].includes(navigationType) || destination.sameDocument) return;
    const url = resolved(destination.url);
    if (url !== null && isOwn(url) && identity.withholds(url)) event.preventDefault();
  });
}

/** The page anew, for whom the browser works by now: by GET, also where a form has led here. */
export function reloadPage(identity: Identity, place: Location = location): void {
  if (!place.search.includes(`${KEY}=`)) {
    place.reload();
    return;
  }
  const rest = unmarked(place.search);
  identity.leave();
  place.replace(`${place.pathname}${rest && `?${rest}`}`);
}
