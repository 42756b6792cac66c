import { Identity } from "../src/identity.ts";

/** The browser's identity is this one from now on; without a name nothing is said of it. */
export function work(as: string | null): void {
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no cookie store
  document.cookie = `understudy-page=${as ?? ""}; path=/${as === null ? "; max-age=0" : ""}`;
}

/** A page that was made for A. */
export function pageOfA(): Identity {
  return new Identity("A", "/_understudy/");
}
