export const RELOAD = "Reload";
export const NOTHING_SENT = "Nothing can be sent from it.";

const OWN = "own";

/** Whose page this is; `subject` is the name that the page's banner gives, if it has one. */
export function belongsText(page: string, subject: string): string {
  if (page === OWN) return "This page belongs to your own sign-in.";
  return `This page belongs to ${subject ? `the session as ${subject}` : "another session"}.`;
}

/** As whom the browser works by now. */
export function nowText(now: string): string {
  return `You now work as ${now === OWN ? "yourself" : "somebody else"} in this browser.`;
}
