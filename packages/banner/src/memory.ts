const PREFIX = "understudy:";

/** What the tab remembers between pages; nothing, where the browser refuses storage. */
export function recall(key: string): string | null {
  try {
    return sessionStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** Remembers a value for the next pages of this tab. */
export function remember(key: string, value: string): void {
  try {
    sessionStorage.setItem(PREFIX + key, value);
  } catch {
    // Refused or full: the banner starts unshrunk on the next page, which is the safe side.
  }
}
