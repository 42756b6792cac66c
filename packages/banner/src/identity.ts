/** Whose page this is, and whose session the browser holds now; null where that is nobody's. */
export interface Identity {
  readonly page: string;
  readonly now: string | null;
}

const MARK = "data-understudy-identity-changed";

/**
 * Tells the app that the page is somebody's whom its requests are not sent as any more: by the same
 * attribute of the root, and the same event, as the script that guards pages, and once between them.
 */
export function tellApp(detail: Identity): void {
  const root = document.documentElement;
  if (root.hasAttribute(MARK)) return;
  root.toggleAttribute(MARK);
  document.dispatchEvent(new CustomEvent("understudy:identity-changed", { detail }));
}
