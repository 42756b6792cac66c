import { useEffect, useState } from "react";

/**
 * The token of a set-up or invitation link. It travels in the fragment, which no server sees, and
 * is removed from the address bar at once, so that it stays in neither history nor screenshots.
 */
export function useLinkToken(): string | null {
  const [token] = useState(takeToken);
  useEffect(() => {
    // Another link, pasted into the same tab, changes no more than the fragment: begin anew.
    const again = () => {
      if (window.location.hash.includes("token=")) window.location.reload();
    };
    window.addEventListener("hashchange", again);
    return () => window.removeEventListener("hashchange", again);
  }, []);
  return token;
}

let taken: string | null = null;

/** Reads the token once and cleans the address; a second render of the page gets it again. */
export function takeToken(): string | null {
  const found = new URLSearchParams(window.location.hash.slice(1)).get("token");
  if (found !== null) {
    taken = found;
    const { pathname, search } = window.location;
    window.history.replaceState(window.history.state, "", pathname + search);
  }
  return taken;
}
