const START = Date.parse("2026-11-22T10:00:00Z");
let pages = 0;

/** The next page is written an hour later than the one before. */
export function nextPage(): void {
  pages += 1;
}

/** RFC 3339, so many seconds after the moment at which the page was written. */
export function at(seconds: number): string {
  return new Date(START + pages * 3_600_000 + seconds * 1_000).toISOString();
}

/** The attributes that the server writes, for a session that has so many seconds left. */
export function attributes(left = 1_601): Record<string, string> {
  return {
    "data-state": "/_understudy/state",
    "data-events": "/_understudy/events",
    "data-end": "/_understudy/end",
    "data-actor": "Sam Support",
    "data-actor-email": "sam@support.example",
    "data-subject": "Ada Lovelace",
    "data-subject-email": "ada@acme.example",
    "data-organization": "Acme",
    "data-scope": "read_only",
    "data-ticket": "SUP-481",
    "data-ends-at": at(left),
    "data-server-now": at(0),
    "data-reason": "Cannot see the March invoice",
    "data-session": "session-1",
  };
}

/** The answer of the state address while the session lives. */
export function activeState(left: number, elapsed = 0): Record<string, unknown> {
  return { active: true, ends_at: at(elapsed + left), server_now: at(elapsed), cause: null };
}

/** One part of the banner, by CSS selector. */
export function part(banner: Element, selector: string): HTMLElement {
  const found = banner.shadowRoot?.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`the banner has no ${selector}`);
  return found;
}

/** What one part of the banner says, white space folded. */
export function said(banner: Element, selector: string): string {
  return (part(banner, selector).textContent ?? "").replace(/\s+/g, " ").trim();
}
